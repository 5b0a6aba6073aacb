-- The role of a deployment on AWS. It logs in with an IAM token, migrates its schemas at each run, and owns nothing
-- else. Run this file once in the destination database as the master user of RDS, before the first run. It can be
-- repeated:
--
--   psql "host=... dbname=shop user=etl_admin sslmode=require" -f docs/roles-iam.sql
--
--   etl_loader   logs in for runs with a token, never with a password; creates and owns schemas etl, staging, analytics and
--                those of runs
--   etl_reader   group for analysts; reads staging and analytics. Add a reader with: grant etl_reader to NAME;
--
-- For schemas of other names (Etl:Postgres:Schemas) add -c "set etl.staging = 'NAME'" -c "set etl.analytics = 'NAME'"
-- before -f.
--
-- On PostgreSQL 16 and later, CREATE ROLE makes its caller a member of the new role. A member of etl_loader is also a
-- member of rds_iam, and the password of the master user no longer works. A temporary role therefore creates etl_loader.
-- Afterwards only a superuser can alter or drop etl_loader; repeat this file as etl_loader to grant again.
--
-- For separate roles to migrate and to load, use docs/roles.sql and set ETL__RUN__MIGRATE = "false".

do $$
declare
  admin constant text := current_user;
  staging constant text := coalesce(nullif(current_setting('etl.staging', true), ''), 'staging');
  analytics constant text := coalesce(nullif(current_setting('etl.analytics', true), ''), 'analytics');
begin
  if to_regrole('etl_reader') is null then create role etl_reader nologin; end if;
  if to_regrole('etl_loader') is null then
    create role etl_setup createrole nologin;
    execute format('grant etl_setup to %I', admin);
    set local role etl_setup;
    create role etl_loader login;
    grant etl_loader to etl_setup;
    execute format('set local role %I', admin);
  end if;
  execute format('grant connect on database %I to etl_loader, etl_reader', current_database());
  execute format('grant create on database %I to etl_loader', current_database());

  if pg_has_role('etl_loader', 'usage') then
    set local role etl_loader;
    create schema if not exists etl;
    execute format('create schema if not exists %I', staging);
    execute format('create schema if not exists %I', analytics);
    execute format('grant usage on schema %I, %I to etl_reader', staging, analytics);
    execute format('grant select on all tables in schema %I, %I to etl_reader', staging, analytics);
    execute format(
      'alter default privileges for role etl_loader in schema %I, %I grant select on tables to etl_reader',
      staging, analytics
    );
    execute format('set local role %I', admin);
  else
    raise notice 'etl_loader exists: its schemas and their grants are unchanged.';
  end if;

  if to_regrole('etl_setup') is not null then drop role etl_setup; end if;
  -- Only RDS has the role rds_iam. Its members log in with a token only.
  if to_regrole('rds_iam') is not null and not pg_has_role('etl_loader', 'rds_iam', 'member') then
    grant rds_iam to etl_loader;
  end if;
end $$;
