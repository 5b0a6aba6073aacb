-- Orders of each day.
-- grain: one row per order_date
-- inputs: orders
-- key: order_date
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table orders_by_day as
select
  order_date,
  count(*) as orders,
  sum(quantity) as quantity,
  sum(total_price) as revenue
from orders
group by order_date;
