-- Adds a generated name for every product without one in the products file.
-- grain: one row per product_id of the orders, the reviews and the file
-- inputs: orders_by_product, reviews_by_product, products (the file's rows)
-- key: product_id
-- safe twice: adds only missing ids
insert into products (product_id, product_category, product_name, from_file)
select found.product_id, null, 'Product ' || found.product_id, false
from (
  select product_id from orders_by_product
  union
  select product_id from reviews_by_product
) as found
where not exists (select from products as p where p.product_id = found.product_id);
