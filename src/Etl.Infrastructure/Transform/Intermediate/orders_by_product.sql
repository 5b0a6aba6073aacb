-- Orders of each product, and the number of those whose total is not price times quantity.
-- grain: one row per product_id that was ordered
-- inputs: orders
-- key: product_id
-- rollup: orders
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table orders_by_product as
select
  product_id,
  count(*) as orders,
  sum(quantity) as quantity,
  sum(total_price) as total_price,
  count(*) filter (where total_price <> unit_price * quantity) as differing_totals
from orders
group by product_id;
