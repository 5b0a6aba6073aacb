-- Orders of each day.
-- grain: one row per order_date
-- inputs: order_totals
-- key: order_date
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table orders_by_day as
select order_date, orders, quantity, total_price as revenue
from order_totals
where order_date is not null;
