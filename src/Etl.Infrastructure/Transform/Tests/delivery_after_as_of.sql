-- severity: warn
-- meaning: shipments delivered after the as-of date
-- inputs: shipments_by_state, shipments, run
-- count: select sum(delivered_after_as_of) from shipments_by_state
select * from shipments where delivery_date > (select as_of from run);
