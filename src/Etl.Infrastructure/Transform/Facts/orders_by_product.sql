-- Orders of each product, and how many of them state another total than price times quantity.
-- grain: one row per product_id that was ordered
-- inputs: orders
-- key: product_id
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table orders_by_product as
select
  product_id,
  count(*) as orders,
  sum(quantity) as quantity,
  sum(total_price) as revenue,
  count(*) filter (where total_price <> unit_price * quantity) as differing_totals
from orders
group by product_id;
