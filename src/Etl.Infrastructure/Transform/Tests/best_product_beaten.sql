-- severity: error
-- meaning: ordered and reviewed products that rank above the best performing product
-- inputs: best_product, product_performance, run
select other.product_id
from best_product as b
join product_performance as best on best.product_id = b.product_id
cross join run
join product_performance as other
  on other.orders > 0 and other.reviews > 0 and other.product_id <> best.product_id
cross join lateral (
  select
    case run.rank_by
      when 'count' then row (other.reviews, other.review_points)
      else row (other.review_points, other.reviews)
    end,
    case run.rank_by
      when 'count' then row (best.reviews, best.review_points)
      else row (best.review_points, best.reviews)
    end
) as rank (of_other, of_best)
where rank.of_other > rank.of_best or (rank.of_other = rank.of_best and other.product_id < best.product_id);
