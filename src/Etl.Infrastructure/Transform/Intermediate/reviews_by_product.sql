-- Reviews of each product. Equal rows are different reviews: nothing is made distinct.
-- grain: one row per product_id that was reviewed
-- inputs: reviews
-- key: product_id
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table reviews_by_product as
select
  product_id,
  count(*) as reviews,
  sum(review) as points,
  count(*) filter (where review = 1) as one_star,
  count(*) filter (where review = 2) as two_star,
  count(*) filter (where review = 3) as three_star,
  count(*) filter (where review = 4) as four_star,
  count(*) filter (where review = 5) as five_star
from reviews
group by product_id;
