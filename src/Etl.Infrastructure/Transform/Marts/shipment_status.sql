-- Shipments by status and age. The age is in days from the order to its delivery, or to the as-of date.
-- grain: one row per status and age that occurs
-- inputs: shipments_by_state
-- key: status, age
-- columns:
--   status text not null,
--   age text not null,
--   shipments bigint not null
-- order: 6
select
  case
    when delivered then 'delivered'
    when shipped then case when overdue then 'late' else 'in_transit' end
    else case when overdue then 'undelivered' else 'pending' end
  end as status,
  case
    when product_id is null then 'unknown'
    when over_90 then 'over 90 days'
    when over_30 then '31 to 90 days'
    else '0 to 30 days'
  end as age,
  sum(shipments) as shipments
from shipments_by_state
group by 1, 2;
