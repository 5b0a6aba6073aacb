-- Shipments of each product by state. The only join of shipments and orders: every figure that needs it is counted in this
-- pass. Boolean columns cost less per row than a filter for each figure, and the planner knows that they make few groups.
-- Ages are in days from the order to its delivery, or to the as-of date.
-- grain: one row per product_id (NULL for shipments without an order; of an order of several products one) and state that
--   occurs
-- inputs: shipments, orders_once (order_id is unique there, so a shipment is counted once), run
-- key: product_id, delivered, shipped, overdue, over_30, over_90
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table shipments_by_state as
select
  o.product_id,
  s.delivery_date is not null as delivered,
  s.shipment_date is not null as shipped,
  -- not delivered and shipped late, or not shipped and ordered long ago
  case
    when s.delivery_date is not null then false
    when s.shipment_date is not null then
      coalesce(s.shipment_date - o.order_date >= (select late_after_days from run), false)
    else coalesce(o.order_date <= (select as_of - undelivered_after_days from run), false)
  end as overdue,
  coalesce(s.delivery_date, (select as_of from run)) - o.order_date > 30 as over_30,
  coalesce(s.delivery_date, (select as_of from run)) - o.order_date > 90 as over_90,
  count(*) as shipments,
  -- counts for the data tests
  count(*) filter (where s.delivery_date < s.shipment_date) as delivered_before_shipped,
  count(*) filter (where s.shipment_date < o.order_date) as shipped_before_ordered,
  count(*) filter (where s.shipment_date > (select as_of from run)) as shipped_after_as_of,
  count(*) filter (where s.delivery_date > (select as_of from run)) as delivered_after_as_of
from shipments as s
left join orders_once as o on o.order_id = s.order_id
group by 1, 2, 3, 4, 5, 6;
