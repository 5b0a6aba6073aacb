-- severity: error
-- meaning: tables whose reviews or points are not those of the review rows
-- inputs: reviews_by_product, product_performance, reviews
select t.table_name
from (
  values
    ('reviews_by_product', (select row (coalesce(sum(reviews), 0), sum(points)) from reviews_by_product)),
    ('product_performance', (
      select row (coalesce(sum(reviews), 0), case when sum(reviews) > 0 then sum(review_points) end) from product_performance
    ))
) as t (table_name, totals)
where t.totals is distinct from (select row (count(*)::numeric, sum(review)::numeric) from reviews);
