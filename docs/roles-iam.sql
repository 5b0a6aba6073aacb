-- The one role of a deployment on AWS: it logs in by IAM token, brings its own schemas up to date at each run, and owns
-- nothing else. Run it once in the destination database as the master user of RDS, before the first run; to run it again does
-- no harm:
--
--   psql "host=... dbname=shop user=etl_admin sslmode=require" -f docs/roles-iam.sql
--
--   etl_loader   logs in for runs, with a token and never with a password: makes and owns schemas etl, staging, analytics
--                and those of runs; has no right on what others own
--   etl_reader   a group for people and reports: sees staging and analytics. grant etl_reader to somebody;
--
-- Where who migrates and who loads must be two, docs/roles.sql makes three roles; then set ETL__RUN__MIGRATE = "false".

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

-- Last: with rds_iam a password is refused and a token of IAM is asked for, of members of members too. The master user must
-- not stay among them, or its password would open nothing any more. Only RDS has the role.
do $$
begin
  execute format('revoke etl_loader from %I', current_user);
  if to_regrole('rds_iam') is not null then grant rds_iam to etl_loader; end if;
end $$;
