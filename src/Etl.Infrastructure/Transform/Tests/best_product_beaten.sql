-- severity: error
-- meaning: ordered and reviewed products that rank above the best performing product
-- inputs: best_product, product_performance, run
select other.product_id
from best_product as b
join product_performance as best on best.product_id = b.product_id
cross join run
join product_performance as other
  on other.orders > 0 and other.reviews > 0 and other.product_id <> best.product_id
where case run.rank_by
  when 'count' then
    (other.reviews, other.review_points, -other.product_id) > (best.reviews, best.review_points, -best.product_id)
  else (other.review_points, other.reviews, -other.product_id) > (best.review_points, best.reviews, -best.product_id)
end;
