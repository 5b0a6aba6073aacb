-- severity: error
-- meaning: runs whose reviews by product do not add up to the review rows
-- inputs: product_performance, reviews
select counted.reviews, stored.reviews
from (select coalesce(sum(reviews), 0) from product_performance) as counted (reviews)
cross join (select count(*) from reviews) as stored (reviews)
where counted.reviews <> stored.reviews;
