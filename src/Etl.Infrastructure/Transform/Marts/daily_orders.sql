-- Orders of each day, with whether it was a public holiday.
-- grain: one row per day with an order
-- inputs: orders_by_day, calendar
-- key: order_date
-- columns:
--   order_date date not null,
--   orders bigint not null,
--   quantity bigint not null (signed as orders.quantity),
--   revenue numeric(20, 2) not null (signed as orders.total_price),
--   is_public_holiday boolean not null
-- order: 5
select d.order_date, d.orders, d.quantity, d.revenue, c.is_public_holiday
from orders_by_day as d
join calendar as c on c.calendar_dt = d.order_date;
