-- severity: warn
-- meaning: shipments that left before their order's date
-- inputs: shipments_by_state, shipments, orders_once
-- count: select sum(shipped_before_ordered) from shipments_by_state
select s.*, o.order_date
from shipments as s
join orders_once as o on o.order_id = s.order_id
where s.shipment_date < o.order_date;
