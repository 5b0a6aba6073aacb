-- Orders of each product and of each day, from one pass over them; also how many state another total than price times
-- quantity, and the sums that the books are checked with.
-- grain: one row per product_id (order_date NULL), and one per order_date (product_id NULL)
-- inputs: orders
-- key: product_id, order_date
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table order_totals as
select
  product_id,
  order_date,
  count(*) as orders,
  sum(unit_price) as unit_price,
  sum(quantity) as quantity,
  sum(total_price) as total_price,
  count(*) filter (where total_price <> unit_price * quantity) as differing_totals
from orders
group by grouping sets ((product_id), (order_date));
