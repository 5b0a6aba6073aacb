-- Roles with minimal permissions. Run this file in the destination database as a superuser, or as the master user of
-- RDS, before the first `etl migrate`. It can be repeated:
--
--   psql -d shop -f docs/roles.sql
--
--   etl_migrator  logs in for `etl migrate`; owns schemas etl and analytics and their tables
--   etl_loader    logs in for `etl run`; writes to these tables, creates and drops schemas of runs
--   etl_reader    group for analysts; reads staging and analytics
--   etl_staging   group that owns the staging tables; only an owner can attach and detach partitions, so that migrator and
--                 loader are members
--
-- Set passwords with \password etl_loader, or on RDS: grant rds_iam to etl_loader;
-- Add a reader with: grant etl_reader to NAME;
-- Run `etl migrate` with the connection of the migrator at each upgrade; `etl run` then has nothing to migrate.

do $$
begin
  if to_regrole('etl_migrator') is null then create role etl_migrator login; end if;
  if to_regrole('etl_loader') is null then create role etl_loader login; end if;
  if to_regrole('etl_reader') is null then create role etl_reader nologin; end if;
  if to_regrole('etl_staging') is null then create role etl_staging nologin; end if;
  grant etl_staging to etl_migrator, etl_loader;
  execute format('grant etl_migrator, etl_staging to %I', current_user);
  execute format('grant connect on database %I to etl_migrator, etl_loader, etl_reader', current_database());
  -- The loader creates a schema per run; the migrator creates schemas of later versions.
  execute format('grant create on database %I to etl_migrator, etl_loader', current_database());
end $$;

create schema if not exists etl authorization etl_migrator;
create schema if not exists analytics authorization etl_migrator;
create schema if not exists staging authorization etl_staging;
alter schema etl owner to etl_migrator;
alter schema analytics owner to etl_migrator;
alter schema staging owner to etl_staging;

grant usage on schema etl to etl_loader;
grant usage on schema analytics, staging to etl_loader, etl_reader;

-- Existing tables.
do $$
declare
  part record;
begin
  for part in
    select c.oid::regclass as name, n.nspname as schema
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('etl', 'analytics', 'staging') and c.relkind in ('r', 'p')
  loop
    execute format(
      'alter table %s owner to %I',
      part.name, case part.schema when 'staging' then 'etl_staging' else 'etl_migrator' end
    );
  end loop;
end $$;
grant select, insert, update, delete on all tables in schema etl, analytics to etl_loader;
grant select on all tables in schema analytics, staging to etl_reader;

-- Tables of later migrations.
alter default privileges for role etl_migrator in schema etl, analytics
  grant select, insert, update, delete on tables to etl_loader;
alter default privileges for role etl_migrator in schema analytics, staging grant select on tables to etl_reader;
