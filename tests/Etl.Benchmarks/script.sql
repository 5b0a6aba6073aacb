-- The same job as plain psql: load without any check, compute the six tables, export them. Used by compare.sh, which sets
-- folder and out, and compares the files with those of a run. The files are those of the sample generator.
\set ON_ERROR_STOP on
drop schema if exists script cascade;
create schema script;
set search_path = script;
create table orders (order_id bigint, customer_id bigint, order_date date, product_id bigint, unit_price numeric(14, 2),
  quantity integer, total_price numeric(14, 2));
create table reviews (review smallint, product_id bigint);
create table shipments (shipment_id bigint, order_id bigint, shipment_date date, delivery_date date);
create table products (product_id bigint, product_category text, product_name text);
\copy orders from '@folder/orders.csv' csv header
\copy reviews from '@folder/reviews.csv' csv header
\copy shipments from '@folder/shipment_deliveries.csv' csv header
\copy products from '@folder/dim_products.csv' csv header
analyze;

create table calendar as
select day::date as day, extract(isodow from day) <= 5 and to_char(day, 'MM-DD') in ('01-01', '12-25', '12-26') as is_public_holiday
from generate_series(date '@as_of' - 5000, date '@as_of' + 500, interval '1 day') as day;

create table daily_orders as
select o.order_date, o.orders, o.quantity, o.revenue, c.is_public_holiday
from (
  select order_date, count(*) as orders, sum(quantity) as quantity, sum(total_price) as revenue from orders group by order_date
) as o
join calendar as c on c.day = o.order_date;

create table agg_public_holiday as
select
  date '@as_of' as ingestion_date,
  coalesce(sum(orders) filter (where month = 1), 0) as tt_order_hol_jan,
  coalesce(sum(orders) filter (where month = 2), 0) as tt_order_hol_feb,
  coalesce(sum(orders) filter (where month = 3), 0) as tt_order_hol_mar,
  coalesce(sum(orders) filter (where month = 4), 0) as tt_order_hol_apr,
  coalesce(sum(orders) filter (where month = 5), 0) as tt_order_hol_may,
  coalesce(sum(orders) filter (where month = 6), 0) as tt_order_hol_jun,
  coalesce(sum(orders) filter (where month = 7), 0) as tt_order_hol_jul,
  coalesce(sum(orders) filter (where month = 8), 0) as tt_order_hol_aug,
  coalesce(sum(orders) filter (where month = 9), 0) as tt_order_hol_sep,
  coalesce(sum(orders) filter (where month = 10), 0) as tt_order_hol_oct,
  coalesce(sum(orders) filter (where month = 11), 0) as tt_order_hol_nov,
  coalesce(sum(orders) filter (where month = 12), 0) as tt_order_hol_dec
from (
  select orders, extract(month from order_date) as month
  from daily_orders
  where is_public_holiday and extract(year from order_date) = extract(year from date '@as_of') - 1
) as h;

create table shipment_facts as
select
  o.product_id,
  case
    when s.delivery_date is not null then 'delivered'
    when s.shipment_date is not null then case when s.shipment_date >= o.order_date + 6 then 'late' else 'in_transit' end
    else case when date '@as_of' - o.order_date >= 15 then 'undelivered' else 'pending' end
  end as status,
  case
    when o.order_id is null then 'unknown'
    when coalesce(s.delivery_date, date '@as_of') - o.order_date > 90 then 'over 90 days'
    when coalesce(s.delivery_date, date '@as_of') - o.order_date > 30 then '31 to 90 days'
    else '0 to 30 days'
  end as age,
  s.shipment_date is not null as shipped,
  count(*) as shipments
from shipments as s
left join orders as o using (order_id)
group by 1, 2, 3, 4;

create table shipment_status as
select status, age, sum(shipments) as shipments from shipment_facts group by status, age;

create table agg_shipments as
select
  date '@as_of' as ingestion_date,
  coalesce(sum(shipments) filter (where status = 'late'), 0) as tt_late_shipments,
  coalesce(sum(shipments) filter (where status = 'undelivered'), 0) as tt_undelivered_items
from shipment_facts;

create table product_performance as
select
  p.product_id,
  p.product_name,
  coalesce(o.orders, 0) as orders,
  coalesce(o.quantity, 0) as quantity,
  coalesce(o.revenue, 0) as revenue,
  coalesce(r.reviews, 0) as reviews,
  coalesce(r.points, 0) as review_points,
  coalesce(round(100.0 * r.one / r.reviews, 2), 0) as pct_one_star_review,
  coalesce(round(100.0 * r.two / r.reviews, 2), 0) as pct_two_star_review,
  coalesce(round(100.0 * r.three / r.reviews, 2), 0) as pct_three_star_review,
  coalesce(round(100.0 * r.four / r.reviews, 2), 0) as pct_four_star_review,
  coalesce(round(100.0 * r.five / r.reviews, 2), 0) as pct_five_star_review,
  coalesce(round(100.0 * (s.shipped - s.late) / nullif(s.shipped, 0), 2), 0) as pct_early_shipments,
  coalesce(round(100.0 * s.late / nullif(s.shipped, 0), 2), 0) as pct_late_shipments
from products as p
left join (
  select product_id, count(*) as orders, sum(quantity) as quantity, sum(total_price) as revenue from orders group by product_id
) as o using (product_id)
left join (
  select
    product_id, count(*) as reviews, sum(review) as points,
    count(*) filter (where review = 1) as one, count(*) filter (where review = 2) as two,
    count(*) filter (where review = 3) as three, count(*) filter (where review = 4) as four,
    count(*) filter (where review = 5) as five
  from reviews
  group by product_id
) as r using (product_id)
left join (
  select
    product_id,
    sum(shipments) filter (where shipped) as shipped,
    coalesce(sum(shipments) filter (where status = 'late'), 0) as late
  from shipment_facts
  group by product_id
) as s using (product_id);

create table best_performing_product as
select
  date '@as_of' as ingestion_date,
  p.product_name,
  d.order_date as most_ordered_day,
  c.is_public_holiday,
  p.review_points as tt_review_points,
  p.pct_one_star_review,
  p.pct_two_star_review,
  p.pct_three_star_review,
  p.pct_four_star_review,
  p.pct_five_star_review,
  p.pct_early_shipments,
  p.pct_late_shipments
from (
  select * from product_performance where orders > 0 and reviews > 0
  order by review_points desc, reviews desc, product_id
  limit 1
) as p
cross join lateral (
  select order_date from orders where product_id = p.product_id
  group by order_date order by count(*) desc, sum(quantity) desc, order_date
  limit 1
) as d
join calendar as c on c.day = d.order_date;

-- Booleans as the run writes them.
alter table daily_orders alter is_public_holiday type text;
alter table best_performing_product alter is_public_holiday type text;
\copy (select * from agg_public_holiday) to '@out/agg_public_holiday.csv' csv header
\copy (select * from agg_shipments) to '@out/agg_shipments.csv' csv header
\copy (select * from best_performing_product) to '@out/best_performing_product.csv' csv header
\copy (select * from daily_orders order by order_date) to '@out/daily_orders.csv' csv header
\copy (select * from product_performance order by product_id) to '@out/product_performance.csv' csv header
\copy (select * from shipment_status order by status collate "C", age collate "C") to '@out/shipment_status.csv' csv header
