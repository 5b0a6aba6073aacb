-- severity: error
-- meaning: tables whose reviews or points are not those of the review rows
-- inputs: reviews_by_product, product_performance, reviews
select t.table_name
from (
  select 'reviews_by_product', coalesce(sum(reviews), 0), sum(points)
  from reviews_by_product
  union all
  select 'product_performance', coalesce(sum(reviews), 0), case when sum(reviews) > 0 then sum(review_points) end
  from product_performance
) as t (table_name, reviews, points)
cross join (select count(*), sum(review) from reviews) as counted (reviews, points)
where (t.reviews, t.points) is distinct from (counted.reviews, counted.points);
