-- severity: warn
-- meaning: day without a best performing product, as no product has both an order and a review
-- inputs: run, best_performing_product
select run.business_date
from run
where 'reviews' <> all (run.absent) and not exists (select from best_performing_product);
