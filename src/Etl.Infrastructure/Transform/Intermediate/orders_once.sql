-- The order of a shipment. PostgreSQL reads the orders themselves, so that the view costs nothing.
-- when: orders.order_id is unique
-- grain: one row per order_id
-- inputs: orders
-- key: order_id
-- safe twice: creates a view of the run; the run drops the one of an earlier attempt first
create view orders_once as
select order_id, product_id, order_date
from orders;
