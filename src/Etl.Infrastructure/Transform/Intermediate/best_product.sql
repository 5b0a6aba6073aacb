-- The best product: most review points (or most reviews, by setting) among those with an order. Ties go to the other of
-- the two figures, then to the lower product_id.
-- grain: one row, or none where no product has both an order and a review
-- inputs: reviews_by_product, orders_by_product, run
-- key: product_id
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table best_product as
select r.product_id
from reviews_by_product as r
join orders_by_product as o on o.product_id = r.product_id
cross join run
order by
  case run.rank_by when 'count' then r.reviews else r.points end desc,
  case run.rank_by when 'count' then r.points else r.reviews end desc,
  r.product_id
limit 1;
