-- Shipments of each product that left, and how many of them left late and have not arrived.
-- grain: one row per product_id that was shipped
-- inputs: shipments_by_state
-- key: product_id
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table shipments_by_product as
select
  product_id,
  sum(shipments) filter (where shipped) as shipped,
  coalesce(sum(shipments) filter (where shipped and overdue), 0) as late
from shipments_by_state
where product_id is not null
group by product_id;
