-- Shipments of each product by what became of them. The one join of shipments and orders: all that needs it is counted
-- in this pass, and the columns stand in an order that lets most rows fail a filter at its first comparison.
-- Ages are days from the order to its delivery, or to the as-of date.
-- grain: one row per product_id that was shipped, and one with NULL for shipments without an order
-- inputs: shipments, orders (order_id is unique there, so a shipment is counted once), run
-- key: product_id
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table shipments_by_product as
select
  o.product_id,
  count(*) as shipments,
  count(s.shipment_date) as shipped,
  count(s.delivery_date) as delivered,
  count(*) filter (where s.delivery_date - o.order_date > 30) as delivered_over_30,
  count(*) filter (where s.delivery_date - o.order_date > 90) as delivered_over_90,
  -- left and not arrived
  count(*) filter (where s.delivery_date is null and s.shipment_date is not null) as under_way,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is not null
      and o.order_date < (select as_of - 30 from run)
  ) as under_way_over_30,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is not null
      and o.order_date < (select as_of - 90 from run)
  ) as under_way_over_90,
  -- of those, the ones that left late; NULL compares as false
  count(*) filter (
    where s.delivery_date is null and s.shipment_date - o.order_date >= (select late_after_days from run)
  ) as late,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date - o.order_date >= (select late_after_days from run)
      and o.order_date < (select as_of - 30 from run)
  ) as late_over_30,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date - o.order_date >= (select late_after_days from run)
      and o.order_date < (select as_of - 90 from run)
  ) as late_over_90,
  -- neither left nor arrived
  count(*) filter (where s.delivery_date is null and s.shipment_date is null) as waiting,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is null
      and o.order_date < (select as_of - 30 from run)
  ) as waiting_over_30,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is null
      and o.order_date < (select as_of - 90 from run)
  ) as waiting_over_90,
  -- of those, the ones whose order is old
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is null
      and o.order_date <= (select as_of - undelivered_after_days from run)
  ) as undelivered,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is null
      and o.order_date <= (select as_of - undelivered_after_days from run)
      and o.order_date < (select as_of - 30 from run)
  ) as undelivered_over_30,
  count(*) filter (
    where s.delivery_date is null and s.shipment_date is null
      and o.order_date <= (select as_of - undelivered_after_days from run)
      and o.order_date < (select as_of - 90 from run)
  ) as undelivered_over_90,
  -- what the data tests report
  count(*) filter (where s.delivery_date < s.shipment_date) as delivered_before_shipped,
  count(*) filter (where s.shipment_date < o.order_date) as shipped_before_ordered,
  count(*) filter (where s.shipment_date > (select as_of from run)) as shipped_after_as_of,
  count(*) filter (where s.delivery_date > (select as_of from run)) as delivered_after_as_of
from shipments as s
left join orders as o on o.order_id = s.order_id
group by o.product_id;
