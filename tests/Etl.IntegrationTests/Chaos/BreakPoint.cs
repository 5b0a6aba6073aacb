using Etl.Domain.Runs;

namespace Etl.IntegrationTests.Chaos;

/// <summary>A point in a run at which a test can interrupt it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Trigger">SQL of the trigger that makes the run wait there.</param>
internal sealed record BreakPoint(string Name, string Trigger)
{
    public static BreakPoint MiddleOfLoad { get; } = OnRow("in the middle of a load", "new.order_id = 1500");

    /// <summary>Whether it waits for a row of a run's table, on the node that stores it.</summary>
    public bool IsOfRows { get; private init; }

    public static BreakPoint Publish { get; } =
        OnTable(
            "as the run becomes succeeded",
            "update on etl.runs",
            "new.status = 'succeeded' and old.status = 'running'"
        );

    public static BreakPoint PublishCommit { get; } =
        new(
            "as the publish commits",
            """
            create constraint trigger brake after update on etl.runs deferrable initially deferred
            for each row when (new.status = 'succeeded' and old.status = 'running')
            execute function chaos.row_brake()
            """
        );

    /// <summary>All rows of the orders are sent; with further sessions, theirs are committed.</summary>
    public static BreakPoint EndOfLoad { get; } = OnDdl("at the end of a load", "ALTER TABLE", "orders");

    /// <summary>Start and end of each step, and points within the steps.</summary>
    public static IReadOnlyList<BreakPoint> All { get; } =
    [
        .. Enum.GetValues<Step>().SelectMany(Around),
        MiddleOfLoad,
        PublishCommit,
        OnTable("as the run begins", "insert on etl.runs", "new.number = 1"),
        OnDdl("as the run's tables are made", "CREATE TABLE", "reviews"),
        OnTable("as the files are recorded", "insert on etl.run_files", "new.dataset = 'reviews'"),
        OnDdl("as the loaded tables are finished", "ALTER TABLE", "shipments"),
        OnDdl("as the analytics are computed", "CREATE TABLE", "agg_shipments"),
        Publish,
        new(
            "as the analytics are written",
            """
            create trigger brake before insert on analytics.daily_orders
            for each statement execute function chaos.statement_brake()
            """
        ),
        OnDdl("as the partitions are attached", "ALTER TABLE", "store.orders", anyRun: false),
        OnTable("as the pointer is moved", "insert on store.published", "true"),
        new(
            "as earlier loads are watched",
            """
            create trigger brake before update on store.loads
            for each statement execute function chaos.statement_brake()
            """
        ),
        OnTable("as the exports are recorded", "insert on etl.run_exports", "new.table_name = 'daily_orders'"),
        OnTable("as the message is queued", "insert on etl.messages", "true"),
        OnTable("as the message is claimed", "update on etl.messages", "old.claimed_until is null"),
        OnTable("as the message is recorded as sent", "update on etl.messages", "new.sent_at is not null"),
        OnTable("as the run is finished", "update on etl.runs", "new.finished_at is not null"),
    ];

    public override string ToString() => Name;

    private static IEnumerable<BreakPoint> Around(Step step)
    {
        var name = step.ToString().ToLowerInvariant();
        yield return OnTable(
            $"as {name} begins",
            "insert on etl.run_steps",
            $"new.step = '{name}' and new.finished_at is null"
        );
        yield return OnTable(
            $"as {name} ends",
            "insert on etl.run_steps",
            $"new.step = '{name}' and new.finished_at is not null"
        );
    }

    /// <summary>As a row of a run's orders is stored. In a cluster the tables of the nodes have names with numbers.</summary>
    public static BreakPoint OnRow(string name, string condition) =>
        new(
            name,
            $"""
            create function chaos.load_brake() returns event_trigger language plpgsql as
            $$ declare made text;
            begin
              for made in select object_identity from pg_event_trigger_ddl_commands()
                where object_identity ~ '^run_[0-9_]+[.]orders(_[0-9]+)?$'
                  and not exists (select from pg_extension where extname = 'citus' and object_identity !~ '_[0-9]+$')
              loop
                execute format('create trigger brake before insert on %s for each row when ({condition.Replace(
                "'",
                "''",
                StringComparison.Ordinal
            )}) '
                  'execute function chaos.row_brake()', made);
              end loop;
            end $$;
            create event trigger brake on ddl_command_end when tag in ('CREATE TABLE') execute function chaos.load_brake()
            """
        )
        {
            IsOfRows = true,
        };

    private static BreakPoint OnTable(string name, string what, string condition) =>
        new(
            name,
            $"create trigger brake before {what} for each row when ({condition}) execute function chaos.row_brake()"
        );

    private static BreakPoint OnDdl(string name, string tag, string table, bool anyRun = true) =>
        new(
            name,
            $"""
            create event trigger brake on ddl_command_end when tag in ('{tag}') execute function chaos.ddl_brake();
            do $$ begin execute format('alter database %I set chaos.object = %L', current_database(),
              '{(anyRun ? $"^run_[0-9_]+[.]{table}$" : $"^{table}$")}'); end $$
            """
        );
}
