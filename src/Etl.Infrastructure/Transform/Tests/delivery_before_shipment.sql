-- severity: warn
-- meaning: shipments delivered before they left
-- inputs: shipments_by_state, shipments
-- count: select sum(delivered_before_shipped) from shipments_by_state
select * from shipments where delivery_date < shipment_date;
