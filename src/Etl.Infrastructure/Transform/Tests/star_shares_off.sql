-- severity: error
-- meaning: products whose star shares do not add up to 100 percent
-- inputs: best_performing_product, product_performance
select t.product_name, t.stars
from (
  select product_name, 1 as reviews, pct_one_star_review + pct_two_star_review + pct_three_star_review
    + pct_four_star_review + pct_five_star_review
  from best_performing_product
  union all
  select product_name, reviews, pct_one_star_review + pct_two_star_review + pct_three_star_review
    + pct_four_star_review + pct_five_star_review
  from product_performance
) as t (product_name, reviews, stars)
where case when t.reviews > 0 then t.stars not between 99.9 and 100.1 else t.stars <> 0 end;
