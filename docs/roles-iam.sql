-- The role of a deployment on AWS. It logs in with an IAM token, migrates its schemas at each run, and owns nothing
-- else. `build/deploy` lets the function run this file with the administrator's password (event `setup`). By hand, run it
-- in the destination database as the master user of RDS, before the first run. It can be repeated:
--
--   psql "host=... dbname=shop user=etl_admin sslmode=require" -f docs/roles-iam.sql
--
--   etl_loader   logs in for runs with a token, never with a password; creates and owns schemas etl, store, analytics and
--                those of runs
--   etl_views    group that owns the views of staging and reads the tables beneath them; policies for row security name it:
--                create policy NAME on store.orders to etl_views using (...)
--   etl_reader   group for analysts; reads staging and analytics. Add a reader with: grant etl_reader to NAME;
--
-- For a user or schemas of other names (Etl:Postgres:Schemas) add -c "set etl.loader = 'NAME'", -c "set etl.staging = 'NAME'",
-- -c "set etl.store = 'NAME'" or -c "set etl.analytics = 'NAME'" before -f.
--
-- On PostgreSQL 16 and later, CREATE ROLE makes its caller a member of the new role. A member of etl_loader is also a
-- member of rds_iam, and the password of the master user no longer works. A temporary role therefore creates etl_loader.
-- Afterwards only a superuser can alter or drop etl_loader; repeat this file as etl_loader to grant again.
--
-- For separate roles to migrate and to load, use docs/roles.sql and set ETL__RUN__MIGRATE = "false".

do $$
declare
  admin constant text := current_user;
  loader constant text := coalesce(nullif(current_setting('etl.loader', true), ''), 'etl_loader');
  -- Without IAM, the function sets the verifier of its password; psql users set the password with \password.
  verifier constant text := nullif(current_setting('etl.verifier', true), '');
  staging constant text := coalesce(nullif(current_setting('etl.staging', true), ''), 'staging');
  store constant text := coalesce(nullif(current_setting('etl.store', true), ''), 'store');
  analytics constant text := coalesce(nullif(current_setting('etl.analytics', true), ''), 'analytics');
begin
  if to_regrole('etl_reader') is null then create role etl_reader nologin; end if;
  if to_regrole('etl_views') is null then create role etl_views nologin; end if;
  if to_regrole(quote_ident(loader)) is null then
    create role etl_setup createrole nologin;
    execute format('grant etl_setup to %I', admin);
    set local role etl_setup;
    execute format('create role %I login password %L', loader, verifier);
    execute format('grant %I to etl_setup', loader);
    execute format('set local role %I', admin);
  end if;
  execute format('grant connect on database %I to %I, etl_reader', current_database(), loader);
  execute format('grant create on database %I to %I', current_database(), loader);

  if pg_has_role(loader, 'usage') then
    if not pg_has_role(loader, 'etl_views', 'member') then execute format('grant etl_views to %I', loader); end if;
    execute format('set local role %I', loader);
    create schema if not exists etl;
    execute format('create schema if not exists %I', store);
    execute format('create schema if not exists %I', staging);
    execute format('alter schema %I owner to etl_views', staging);
    execute format('grant usage on schema %I to etl_views', store);
    execute format('create schema if not exists %I', analytics);
    execute format('grant usage on schema %I, %I to etl_reader', staging, analytics);
    execute format('grant select on all tables in schema %I, %I to etl_reader', staging, analytics);
    execute format(
      'alter default privileges for role %I in schema %I, %I grant select on tables to etl_reader',
      loader, staging, analytics
    );
    execute format('set local role %I', admin);
  else
    raise notice '% exists: its schemas and their grants are unchanged.', loader;
  end if;

  if to_regrole('etl_setup') is not null then drop role etl_setup; end if;
  -- Only RDS has the role rds_iam. Its members log in with a token only.
  if to_regrole('rds_iam') is not null and verifier is null and not pg_has_role(loader, 'rds_iam', 'member') then
    execute format('grant rds_iam to %I', loader);
  end if;
end $$;
