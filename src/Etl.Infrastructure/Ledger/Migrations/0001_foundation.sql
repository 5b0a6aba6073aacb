-- The staging parents and the analytics tables.

-- docs/roles.sql may have created the schemas.
create schema if not exists staging;
create schema if not exists analytics;

create table staging.orders (
  order_id bigint not null,
  customer_id bigint not null,
  order_date date not null,
  product_id bigint not null,
  unit_price numeric(14, 2) not null,
  quantity integer not null,
  total_price numeric(14, 2) not null,
  run_id text not null
) partition by list (run_id);

create table staging.reviews (
  review smallint not null,
  product_id bigint not null,
  run_id text not null
) partition by list (run_id);

create table staging.shipments (
  shipment_id bigint not null,
  order_id bigint not null,
  shipment_date date,
  delivery_date date,
  run_id text not null
) partition by list (run_id);

create table analytics.agg_public_holiday (
  ingestion_date date primary key,
  tt_order_hol_jan integer not null,
  tt_order_hol_feb integer not null,
  tt_order_hol_mar integer not null,
  tt_order_hol_apr integer not null,
  tt_order_hol_may integer not null,
  tt_order_hol_jun integer not null,
  tt_order_hol_jul integer not null,
  tt_order_hol_aug integer not null,
  tt_order_hol_sep integer not null,
  tt_order_hol_oct integer not null,
  tt_order_hol_nov integer not null,
  tt_order_hol_dec integer not null
);

create table analytics.agg_shipments (
  ingestion_date date primary key,
  tt_late_shipments integer not null,
  tt_undelivered_items integer not null
);

create table analytics.best_performing_product (
  ingestion_date date primary key,
  product_name text not null,
  most_ordered_day date not null,
  is_public_holiday boolean not null,
  tt_review_points integer not null,
  pct_one_star_review numeric(5, 2) not null,
  pct_two_star_review numeric(5, 2) not null,
  pct_three_star_review numeric(5, 2) not null,
  pct_four_star_review numeric(5, 2) not null,
  pct_five_star_review numeric(5, 2) not null,
  pct_early_shipments numeric(5, 2) not null,
  pct_late_shipments numeric(5, 2) not null
);

create table analytics.product_performance (
  product_id bigint primary key,
  product_name text not null,
  orders bigint not null,
  quantity bigint not null,
  revenue numeric(20, 2) not null,
  reviews bigint not null,
  review_points bigint not null,
  pct_one_star_review numeric(5, 2) not null,
  pct_two_star_review numeric(5, 2) not null,
  pct_three_star_review numeric(5, 2) not null,
  pct_four_star_review numeric(5, 2) not null,
  pct_five_star_review numeric(5, 2) not null,
  pct_early_shipments numeric(5, 2) not null,
  pct_late_shipments numeric(5, 2) not null
);

create table analytics.daily_orders (
  order_date date primary key,
  orders bigint not null,
  quantity bigint not null,
  revenue numeric(20, 2) not null,
  is_public_holiday boolean not null
);

create table analytics.shipment_status (
  status text not null,
  age text not null,
  shipments bigint not null,
  primary key (status, age)
);

-- Only its owner may attach a partition to a table. Where schema staging was made for a role of its own (docs/roles.sql)
-- the tables are that role's.
do $$
declare
  parent record;
begin
  for parent in
    select c.oid::regclass as name, pg_get_userbyid(n.nspowner) as owner
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'staging' and c.relkind = 'p' and c.relowner <> n.nspowner
  loop
    execute format('alter table %s owner to %I', parent.name, parent.owner);
  end loop;
end $$;
