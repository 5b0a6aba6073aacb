-- severity: error
-- meaning: months whose holiday orders are not those of daily_orders in the past year
-- inputs: agg_public_holiday, daily_orders, run
select month, figures.orders, count_of_days.orders
from agg_public_holiday as h
cross join lateral (
  values
    (1, h.tt_order_hol_jan), (2, h.tt_order_hol_feb), (3, h.tt_order_hol_mar), (4, h.tt_order_hol_apr),
    (5, h.tt_order_hol_may), (6, h.tt_order_hol_jun), (7, h.tt_order_hol_jul), (8, h.tt_order_hol_aug),
    (9, h.tt_order_hol_sep), (10, h.tt_order_hol_oct), (11, h.tt_order_hol_nov), (12, h.tt_order_hol_dec)
) as figures (month, orders)
cross join lateral (
  select coalesce(sum(d.orders), 0)
  from daily_orders as d
  cross join run
  where d.is_public_holiday
    and date_part('month', d.order_date) = figures.month
    and case run.past_year
      when 'rolling' then d.order_date > run.as_of - interval '1 year' and d.order_date <= run.as_of
      else date_part('year', d.order_date) = date_part('year', run.as_of) - 1
    end
) as count_of_days (orders)
where figures.orders <> count_of_days.orders;
