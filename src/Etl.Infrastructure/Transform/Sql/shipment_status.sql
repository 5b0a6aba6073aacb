-- Shipments by what became of them and by age: days from the order to its delivery, or to the as-of date.
-- grain: one row per status and age that occurs
-- inputs: shipments_by_product
-- key: status, age
-- safe twice: fills a candidate table that the run has just made; the key refuses a second row
insert into shipment_status (status, age, shipments)
select
  part.status,
  case when s.product_id is null then 'unknown' else part.age end,
  sum(part.shipments)
from shipments_by_product as s
cross join lateral (
  values
    ('delivered', s.delivered, s.delivered_over_30, s.delivered_over_90),
    ('late', s.late, s.late_over_30, s.late_over_90),
    (
      'in_transit',
      s.under_way - s.late,
      s.under_way_over_30 - s.late_over_30,
      s.under_way_over_90 - s.late_over_90
    ),
    ('undelivered', s.undelivered, s.undelivered_over_30, s.undelivered_over_90),
    (
      'pending',
      s.waiting - s.undelivered,
      s.waiting_over_30 - s.undelivered_over_30,
      s.waiting_over_90 - s.undelivered_over_90
    )
) as state (status, shipments, over_30, over_90)
cross join lateral (
  values
    (state.status, '0 to 30 days', state.shipments - state.over_30),
    (state.status, '31 to 90 days', state.over_30 - state.over_90),
    (state.status, 'over 90 days', state.over_90)
) as part (status, age, shipments)
where part.shipments > 0
group by 1, 2;
