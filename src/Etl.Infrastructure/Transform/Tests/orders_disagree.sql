-- severity: error
-- meaning: tables whose orders, pieces or revenue are not those of the order rows
-- inputs: orders_by_product, orders_by_day, product_performance, daily_orders, best_product_days
select t.table_name
from (
  values
    ('orders_by_product', (select row (sum(orders), sum(quantity), sum(total_price)) from orders_by_product)),
    ('orders_by_day', (select row (sum(orders), sum(quantity), sum(revenue)) from orders_by_day)),
    ('product_performance', (
      select row (
        nullif(sum(orders), 0), case when sum(orders) > 0 then sum(quantity) end, case when sum(orders) > 0 then sum(revenue) end
      )
      from product_performance
    )),
    ('daily_orders', (select row (sum(orders), sum(quantity), sum(revenue)) from daily_orders))
) as t (table_name, totals)
where t.totals is distinct from (select row (sum(orders), sum(quantity), sum(total_price)) from best_product_days);
