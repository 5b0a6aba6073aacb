-- Shipped rows of each product, and those of them that are late, where an order has several lines: a shipment counts once
-- for each product of its order.
-- when: orders.order_id is not unique
-- grain: one row per product_id that was shipped
-- inputs: shipments, orders, orders_once, run
-- key: product_id
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table shipments_by_product as
select
  p.product_id,
  count(*) as shipped,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date - o.order_date >= (select late_after_days from run)
  ) as late
from shipments as s
join orders_once as o on o.order_id = s.order_id
join (select distinct order_id, product_id from orders) as p on p.order_id = s.order_id
where s.shipment_date is not null
group by p.product_id;
