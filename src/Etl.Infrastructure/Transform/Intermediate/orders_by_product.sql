-- Orders of each product, how many of them state another total than price times quantity, and the sums that the books are
-- checked with.
-- grain: one row per product_id that was ordered
-- inputs: orders
-- key: product_id
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table orders_by_product as
select
  product_id,
  count(*) as orders,
  sum(unit_price) as unit_price,
  sum(quantity) as quantity,
  sum(total_price) as total_price,
  count(*) filter (where total_price <> unit_price * quantity) as differing_totals
from orders
group by product_id;
