-- Shipped rows of each product, and those of them that are late.
-- when: orders.order_id is unique
-- grain: one row per product_id that was shipped
-- inputs: shipments_by_state
-- key: product_id
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table shipments_by_product as
select
  product_id,
  sum(shipments) filter (where shipped) as shipped,
  coalesce(sum(shipments) filter (where shipped and overdue), 0) as late
from shipments_by_state
where product_id is not null
group by product_id;
