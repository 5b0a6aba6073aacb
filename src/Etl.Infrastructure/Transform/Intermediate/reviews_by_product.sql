-- Reviews of each product. Equal rows are different reviews and count as such.
-- grain: one row per product_id that was reviewed
-- inputs: reviews
-- key: product_id
-- rollup: reviews
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
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
