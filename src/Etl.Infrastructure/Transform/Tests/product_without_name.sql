-- severity: warn
-- meaning: products without a name in dim_products.csv
-- inputs: products, run
select p.*
from products as p
cross join run
where run.has_products_file and not p.from_file;
