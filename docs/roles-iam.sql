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
-- For separate roles to migrate and to load, use docs/roles.sql and set ETL__RUN__MIGRATE = "false".

do $$
begin
  if to_regrole('etl_loader') is null then create role etl_loader login; end if;
  if to_regrole('etl_reader') is null then create role etl_reader nologin; end if;
  execute format('grant etl_loader to %I', current_user);
  execute format('grant connect on database %I to etl_loader, etl_reader', current_database());
  execute format('grant create on database %I to etl_loader', current_database());
end $$;

create schema if not exists etl authorization etl_loader;
create schema if not exists staging authorization etl_loader;
create schema if not exists analytics authorization etl_loader;
grant usage on schema staging, analytics to etl_reader;
grant select on all tables in schema staging, analytics to etl_reader;
alter default privileges for role etl_loader in schema staging, analytics grant select on tables to etl_reader;

-- Last, because a member of rds_iam, also an indirect one, logs in with a token only. The master user must not stay a
-- member, or its password no longer works. Only RDS has the role rds_iam.
do $$
begin
  execute format('revoke etl_loader from %I', current_user);
  if to_regrole('rds_iam') is not null then grant rds_iam to etl_loader; end if;
end $$;
