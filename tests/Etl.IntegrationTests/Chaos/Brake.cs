using System.Diagnostics;
using Etl.TestKit;
using Npgsql;

namespace Etl.IntegrationTests.Chaos;

/// <summary>
/// Makes a run wait at one point: a trigger in the run's database requests an advisory lock, which the test holds until the
/// brake is disposed. In a cluster the test holds it on each node, as triggers run where the rows are stored.
/// </summary>
internal sealed class Brake : IAsyncDisposable
{
    private const string Functions = """
        create schema if not exists chaos;
        create or replace function chaos.row_brake() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(7); return new; end $$;
        create or replace function chaos.statement_brake() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(7); return null; end $$;
        create or replace function chaos.ddl_brake() returns event_trigger language plpgsql as
        $$ begin
          if exists (
            select from pg_event_trigger_ddl_commands() where object_identity ~ current_setting('chaos.object', true)
              and (tg_tag <> 'ALTER TABLE' or exists (
                select from pg_attribute where attrelid = objid and attname = 'load_id'))
          ) then
            perform pg_advisory_xact_lock_shared(7);
          end if;
        end $$;
        """;

    private readonly IReadOnlyList<NpgsqlConnection> holders;

    private Brake(IReadOnlyList<NpgsqlConnection> holders) => this.holders = holders;

    public static async Task<Brake> SetAsync(TestDatabase database, BreakPoint point)
    {
        var sessions = new List<NpgsqlConnection>();
        foreach (var node in database.Nodes)
        {
            // Not pooled: closing the connection releases the lock.
            var session = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(node) { Pooling = false }.ConnectionString
            );
            sessions.Add(session);
            await session.OpenAsync();
            if (database.Nodes.Count == 1 || sessions.Count > 1 == point.IsOfRows)
            {
                await using var trigger = new NpgsqlCommand(
                    (point.IsOfRows ? "set citus.enable_ddl_propagation = off; " : "") + Functions + point.Trigger,
                    session
                );
                await trigger.ExecuteNonQueryAsync();
            }

            await using var hold = new NpgsqlCommand("select pg_advisory_lock(7)", session);
            await hold.ExecuteNonQueryAsync();
        }

        return new Brake(sessions);
    }

    /// <summary>Waits until a session of the run waits for the lock, or its process has ended.</summary>
    public Task ReachedAsync(Process? process = null) =>
        Until.TrueAsync(
            async () => process is { HasExited: true } || await IsReachedAsync(),
            "The run did not come to the brake."
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var holder in holders)
        {
            await holder.DisposeAsync();
        }
    }

    private async Task<bool> IsReachedAsync()
    {
        const string Waiting = """
            select count(*) > 0 from pg_locks
            where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())
            """;
        foreach (var holder in holders)
        {
            await using var look = new NpgsqlCommand(Waiting, holder);
            if ((bool)(await look.ExecuteScalarAsync())!)
            {
                return true;
            }
        }

        return false;
    }
}
