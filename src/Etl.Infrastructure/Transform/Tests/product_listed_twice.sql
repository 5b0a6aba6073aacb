-- severity: warn
-- meaning: products listed more than once in dim_products.csv; the first name is used
-- inputs: products
select p.*
from products as p
where p.is_repeated;
