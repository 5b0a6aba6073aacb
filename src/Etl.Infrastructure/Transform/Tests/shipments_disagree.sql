-- severity: error
-- meaning: shipment figures that do not agree with the shipment rows or with each other
-- inputs: shipment_status, shipments, agg_shipments
select t.figure, t.counted, t.expected
from (
  values
    ('all', (select sum(shipments) from shipment_status), (select count(*) from shipments)),
    (
      'late',
      (select sum(shipments) from shipment_status where status = 'late'),
      (select sum(tt_late_shipments) from agg_shipments)
    ),
    (
      'undelivered',
      (select sum(shipments) from shipment_status where status = 'undelivered'),
      (select sum(tt_undelivered_items) from agg_shipments)
    )
) as t (figure, counted, expected)
where coalesce(t.counted, 0) <> t.expected;
