-- severity: error
-- meaning: days whose holiday orders are negative or more than all orders of the past year
-- inputs: agg_public_holiday, orders_by_day, run
select h.ingestion_date
from agg_public_holiday as h
where least(
    h.tt_order_hol_jan, h.tt_order_hol_feb, h.tt_order_hol_mar, h.tt_order_hol_apr,
    h.tt_order_hol_may, h.tt_order_hol_jun, h.tt_order_hol_jul, h.tt_order_hol_aug,
    h.tt_order_hol_sep, h.tt_order_hol_oct, h.tt_order_hol_nov, h.tt_order_hol_dec
  ) < 0
  or h.tt_order_hol_jan::bigint + h.tt_order_hol_feb + h.tt_order_hol_mar + h.tt_order_hol_apr
    + h.tt_order_hol_may + h.tt_order_hol_jun + h.tt_order_hol_jul + h.tt_order_hol_aug
    + h.tt_order_hol_sep + h.tt_order_hol_oct + h.tt_order_hol_nov + h.tt_order_hol_dec
    > (
      select coalesce(sum(d.orders), 0)
      from orders_by_day as d
      cross join run
      where d.order_date between run.past_year_first and run.past_year_last
    );
