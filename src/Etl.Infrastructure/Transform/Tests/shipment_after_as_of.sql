-- severity: warn
-- meaning: shipments that left after the as-of date
-- inputs: shipments_by_state, shipments, run
-- count: select sum(shipped_after_as_of) from shipments_by_state
select * from shipments where shipment_date > (select as_of from run);
