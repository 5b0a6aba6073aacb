-- Roles with minimal permissions. Run this file in the destination database as a superuser, or as the master user of
-- RDS, before the first `etl migrate`. It can be repeated:
--
--   psql -d shop -f docs/roles.sql
--
--   etl_migrator  logs in for `etl migrate`; owns schemas etl and analytics and their tables
--   etl_loader    logs in for `etl run`; writes to these tables, creates and drops schemas of runs
--   etl_reader    group for analysts; reads staging and analytics
--   etl_store     group that owns the tables beneath the views of staging; only an owner can attach and detach partitions,
--                 so that migrator and loader are members
--   etl_views     group that owns the views of staging and reads the tables beneath them; policies for row security name it:
--                 create policy NAME on store.orders to etl_views using (...)
--
-- For schemas of other names (Etl:Postgres:Schemas) set the names first:
--
--   psql -d shop -c "set etl.staging = 'shop_staging'" -c "set etl.store = 'shop_store'" \
--     -c "set etl.analytics = 'shop_marts'" -f docs/roles.sql
--
-- Set passwords with \password etl_loader, or on RDS: grant rds_iam to etl_loader;
-- Add a reader with: grant etl_reader to NAME;
-- On PostgreSQL 16 and later, CREATE ROLE makes its caller a member of the new role, and on RDS a member of a member of
-- rds_iam can no longer log in with a password. A temporary role therefore creates migrator and loader. Afterwards only a
-- superuser can alter or drop them.
-- Run `etl migrate` with the connection of the migrator at each upgrade; `etl run` then has nothing to migrate.

do $$
declare
  admin constant text := current_user;
  staging constant text := coalesce(nullif(current_setting('etl.staging', true), ''), 'staging');
  store constant text := coalesce(nullif(current_setting('etl.store', true), ''), 'store');
  analytics constant text := coalesce(nullif(current_setting('etl.analytics', true), ''), 'analytics');
  login text;
  part record;
begin
  if to_regrole('etl_reader') is null then create role etl_reader nologin; end if;
  if to_regrole('etl_store') is null then create role etl_store nologin; end if;
  if to_regrole('etl_views') is null then create role etl_views nologin; end if;
  foreach login in array array['etl_migrator', 'etl_loader'] loop
    if to_regrole(login) is null then
      if to_regrole('etl_setup') is null then create role etl_setup createrole nologin; end if;
      execute format('grant etl_setup to %I', admin);
      set local role etl_setup;
      execute format('create role %I login', login);
      execute format('grant %I to etl_setup', login);
      execute format('set local role %I', admin);
    end if;
  end loop;
  execute format('grant connect on database %I to etl_migrator, etl_loader, etl_reader', current_database());
  -- The loader creates a schema per run; the migrator creates schemas of later versions.
  execute format('grant create on database %I to etl_migrator, etl_loader', current_database());

  if not pg_has_role('etl_migrator', 'usage') then
    raise notice 'etl_migrator exists: schemas, tables and their grants are unchanged.';
    return;
  end if;

  execute format('grant etl_store to etl_migrator, etl_loader, %I', admin);
  execute format('grant etl_views to etl_migrator, %I', admin);
  create schema if not exists etl authorization etl_migrator;
  execute format('create schema if not exists %I authorization etl_migrator', analytics);
  execute format('create schema if not exists %I authorization etl_store', store);
  execute format('create schema if not exists %I authorization etl_views', staging);
  alter schema etl owner to etl_migrator;
  execute format('alter schema %I owner to etl_migrator', analytics);
  execute format('alter schema %I owner to etl_store', store);
  execute format('alter schema %I owner to etl_views', staging);

  grant usage on schema etl to etl_loader;
  execute format('grant usage on schema %I, %I to etl_loader, etl_reader', analytics, staging);
  execute format('grant usage on schema %I to etl_views', store);

  -- Existing tables.
  for part in
    select c.oid::regclass as name, n.nspname as schema
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('etl', analytics, staging, store) and c.relkind in ('r', 'p', 'v')
  loop
    execute format(
      'alter table %s owner to %I',
      part.name, case part.schema when staging then 'etl_views' when store then 'etl_store' else 'etl_migrator' end
    );
  end loop;
  execute format('grant select, insert, update, delete on all tables in schema etl, %I to etl_loader', analytics);
  execute format('grant select on all tables in schema %I, %I to etl_reader', analytics, staging);
  execute format('grant select on all tables in schema %I to etl_views', store);

  -- Tables of later migrations.
  execute format(
    'alter default privileges for role etl_migrator in schema etl, %I '
    'grant select, insert, update, delete on tables to etl_loader', analytics
  );
  execute format(
    'alter default privileges for role etl_migrator in schema %I, %I grant select on tables to etl_reader',
    analytics, staging
  );

  if to_regrole('etl_setup') is not null then drop role etl_setup; end if;
end $$;
