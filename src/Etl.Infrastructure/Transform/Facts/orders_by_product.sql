-- Orders of each product, and how many of them state another total than price times quantity.
-- grain: one row per product_id that was ordered
-- inputs: order_totals
-- key: product_id
-- safe twice: makes a table of the run's own; the run drops an earlier attempt's first
create table orders_by_product as
select product_id, orders, unit_price, quantity, total_price as revenue, differing_totals
from order_totals
where product_id is not null;
