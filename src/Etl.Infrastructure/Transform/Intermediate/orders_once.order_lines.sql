-- The order of a shipment, where an order has several lines: its earliest day, and one of its products.
-- when: orders.order_id is not unique
-- grain: one row per order_id
-- inputs: orders
-- key: order_id
-- safe twice: creates a view of the run; the run drops the one of an earlier attempt first
create view orders_once as
select
  order_id,
  min(product_id) as product_id,
  min(order_date) as order_date
from orders
group by order_id;
