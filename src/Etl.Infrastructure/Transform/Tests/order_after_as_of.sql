-- severity: warn
-- meaning: orders dated after the as-of date
-- inputs: orders_by_day, run, orders
-- count: select sum(d.orders) from orders_by_day as d cross join run where d.order_date > run.as_of
select * from orders where order_date > (select as_of from run);
