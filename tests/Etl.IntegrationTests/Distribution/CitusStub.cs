using Etl.TestKit;

namespace Etl.IntegrationTests.Distribution;

/// <summary>
/// The functions and tables of the extension in a plain database. They record what is distributed, and how many rows it had, but
/// distribute nothing.
/// </summary>
internal static class CitusStub
{
    /// <summary>The calls in their order, as <c>table|column|like|rows</c>; no column where a table is only made known.</summary>
    public const string Calls = "select concat_ws('|', name, by, stored_like, rows) from public.calls order by n";

    public static Task InstallAsync(TestDatabase database) =>
        database.ExecuteAsync(
            """
            set allow_system_table_mods = on;
            create table public.calls (
              n int generated always as identity, name text, by text, stored_like text, rows bigint);
            create table pg_catalog.pg_dist_partition (logicalrelid regclass);
            create table pg_catalog.pg_dist_node (
              groupid int, isactive boolean, shouldhaveshards boolean, nodename text default '127.0.0.1', nodeport int default 1,
              noderole text default 'primary', hasmetadata boolean default true, metadatasynced boolean default true);
            insert into pg_catalog.pg_dist_node values (0, true, false), (1, true, true), (2, true, true);
            create table public.node_health (
              from_nodename text, from_nodeport int, to_nodename text, to_nodeport int, result boolean);
            insert into public.node_health values ('coordinator', 5432, 'worker', 5432, true);
            create function pg_catalog.citus_check_cluster_node_health() returns setof public.node_health
              language sql as 'table public.node_health';
            create function pg_catalog.create_distributed_table(
              table_name regclass, distribution_column text, distribution_type text default 'hash',
              colocate_with text default 'default', shard_count int default null) returns void
              language plpgsql as $$
              declare existing bigint;
              begin
                execute format('select count(*) from %s', table_name) into existing;
                if colocate_with not in ('default', 'none') then
                  perform from pg_catalog.pg_dist_partition where logicalrelid = colocate_with::regclass;
                  if not found then raise exception '% is not distributed', colocate_with; end if;
                end if;
                insert into public.calls (name, by, stored_like, rows)
                  values (table_name::text, distribution_column, colocate_with, existing);
                insert into pg_catalog.pg_dist_partition values (table_name);
              end $$;
            create view pg_catalog.citus_stat_activity as
              select pid::bigint as global_pid, backend_start, usename from pg_stat_activity;
            create function pg_catalog.citus_backend_gpid() returns bigint language sql as 'select pg_backend_pid()::bigint';
            create function pg_catalog.pg_terminate_backend(global_pid bigint) returns boolean
              language sql as 'select pg_terminate_backend(global_pid::int)';
            create function pg_catalog.citus_add_local_table_to_metadata(
              table_name regclass, cascade_via_foreign_keys boolean default false) returns void
              language plpgsql as $$
              begin
                insert into public.calls (name) values (table_name::text);
                insert into pg_catalog.pg_dist_partition values (table_name);
              end $$;
            reset allow_system_table_mods;
            """
        );
}
