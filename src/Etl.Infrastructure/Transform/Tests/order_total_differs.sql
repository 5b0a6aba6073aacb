-- severity: warn
-- meaning: orders whose total_price is not unit_price times quantity
-- inputs: orders_by_product, orders
-- count: select sum(differing_totals) from orders_by_product
select * from orders where total_price <> unit_price * quantity;
