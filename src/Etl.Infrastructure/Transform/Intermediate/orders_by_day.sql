-- Orders of each day.
-- grain: one row per order_date
-- inputs: orders
-- key: order_date
-- rollup: orders
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table orders_by_day as
select
  order_date,
  count(*) as orders,
  sum(quantity) as quantity,
  sum(total_price) as revenue
from orders
group by order_date;
