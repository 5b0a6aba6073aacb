using System.Diagnostics;
using Etl.TestKit;
using Npgsql;

namespace Etl.IntegrationTests.Chaos;

/// <summary>
/// Makes a run wait at one point: a trigger in the run's database requests an advisory lock, which the test holds until the
/// brake is disposed.
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
        create or replace function chaos.load_brake() returns event_trigger language plpgsql as
        $$ declare made text;
        begin
          for made in select object_identity from pg_event_trigger_ddl_commands()
            where object_identity ~ '^run_[0-9_]+\.orders$'
          loop
            execute format('create trigger brake before insert on %s for each row when (new.order_id = 1500) '
              'execute function chaos.row_brake()', made);
          end loop;
        end $$;
        """;

    private readonly NpgsqlDataSource database;
    private readonly NpgsqlConnection holder;

    private Brake(NpgsqlDataSource database, NpgsqlConnection holder) =>
        (this.database, this.holder) = (database, holder);

    public static async Task<Brake> SetAsync(TestDatabase database, BreakPoint point)
    {
        await using (var setting = database.DataSource.CreateCommand(Functions + point.Trigger))
        {
            await setting.ExecuteNonQueryAsync();
        }

        // Not pooled: closing the connection releases the lock.
        var session = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString
        );
        await session.OpenAsync();
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(7)", session);
        await hold.ExecuteNonQueryAsync();
        return new Brake(database.DataSource, session);
    }

    /// <summary>Waits until a session of the run waits for the lock, or its process has ended.</summary>
    public async Task ReachedAsync(Process? process = null)
    {
        const string Waiting = """
            select count(*) > 0 from pg_locks
            where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())
            """;
        await using var connection = await database.OpenConnectionAsync();
        await using var look = new NpgsqlCommand(Waiting, connection);
        await Until.TrueAsync(
            async () => process is { HasExited: true } || (bool)(await look.ExecuteScalarAsync())!,
            "The run did not come to the brake."
        );
    }

    public ValueTask DisposeAsync() => holder.DisposeAsync();
}
