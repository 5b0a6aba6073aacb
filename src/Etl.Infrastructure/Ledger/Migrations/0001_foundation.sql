-- The ledger, the staging parents and the analytics tables.

-- The schemas may be there already: the record of the migrations is kept in etl, and docs/roles.sql makes all three.
create schema if not exists etl;
create schema if not exists staging;
create schema if not exists analytics;

create table etl.runs (
  run_id text primary key,
  business_date date not null,
  number integer not null check (number between 1 and 999),
  as_of date not null,
  trigger text not null,
  forced boolean not null,
  status text not null
    check (status in ('running', 'succeeded', 'superseded', 'failed', 'timed_out', 'cancelled')),
  started_at timestamptz not null,
  published_at timestamptz,
  exported_at timestamptz,
  finished_at timestamptz,
  attempts integer not null,
  error_code text,
  error_message text,
  error_next_step text,
  lease_owner text,
  lease_until timestamptz,
  manifest_uri text,
  -- The run whose published rows a replay builds on.
  base_run_id text references etl.runs,
  unique (business_date, number)
);

-- The two promises that no host can break: one succeeded run a day, one run at work at a time.
create unique index runs_one_succeeded on etl.runs (business_date) where status = 'succeeded';
create unique index runs_one_at_work on etl.runs ((true)) where lease_owner is not null;

create table etl.run_steps (
  run_id text not null references etl.runs,
  attempt integer not null,
  step text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  succeeded boolean,
  detail text,
  primary key (run_id, attempt, step)
);

create table etl.run_files (
  run_id text not null references etl.runs,
  dataset text not null,
  role text not null default 'source' check (role in ('source', 'base', 'corrected')),
  uri text not null,
  version text not null,
  sha256 text not null,
  bytes bigint not null,
  read bigint not null,
  loaded bigint not null,
  rejected bigint not null,
  -- As it stands in the file: rejected rows are exported under it, and corrected in its order.
  header bytea,
  primary key (run_id, dataset, role)
);

create table etl.run_tests (
  run_id text not null references etl.runs,
  name text not null,
  severity text not null,
  violations bigint not null,
  meaning text not null,
  primary key (run_id, name)
);

create table etl.run_exports (
  run_id text not null references etl.runs,
  table_name text not null,
  uri text not null,
  rows bigint not null,
  bytes bigint not null,
  sha256 text not null,
  columns text[] not null,
  primary key (run_id, table_name)
);

-- The true number of rejected rows, whether their bytes are kept or not.
create table etl.reject_counts (
  run_id text not null references etl.runs,
  dataset text not null,
  code text not null,
  rows bigint not null,
  primary key (run_id, dataset, code)
);

create table etl.quarantine (
  run_id text not null references etl.runs,
  dataset text not null,
  file text not null,
  version text not null,
  line bigint not null,
  byte_offset bigint not null,
  column_name text,
  code text not null,
  message text not null,
  raw bytea not null,
  primary key (run_id, dataset, byte_offset)
);

create table etl.messages (
  run_id text not null references etl.runs,
  outcome text not null,
  business_date date not null,
  subject text not null,
  body text not null,
  created_at timestamptz not null,
  claimed_until timestamptz,
  claimed_by text,
  sent_at timestamptz,
  attempts integer not null default 0,
  primary key (run_id, outcome)
);

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
