-- severity: warn
-- meaning: shipments whose order is not in the orders file
-- inputs: shipments_by_state, shipments, orders
-- count: select sum(shipments) from shipments_by_state where product_id is null
select s.*
from shipments as s
left join orders as o on o.order_id = s.order_id
where o.order_id is null;
