using Etl.Application.Errors;
using Etl.Application.Publish;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>
/// Determines what a rollback changes. No publish has to keep the rows that it replaces: the tables of a run hold all that it
/// computed, so a table without days is restored from those of the restored run, and each day of a daily one from those of the
/// run that had published it before.
/// </summary>
internal sealed class RollbackPlanner(
    NpgsqlDataSource database,
    DatasetCatalog datasets,
    MartCatalog marts,
    SchemaOptions schemas,
    int keepRuns
)
{
    private readonly PublishSql sql = new(schemas);

    /// <exception cref="EtlException">The run was not published, or its tables are not kept any more.</exception>
    public async Task<RollbackPlan> PlanAsync(RunId to, CancellationToken cancellationToken) =>
        (await ReadAsync(to, cancellationToken)).Plan;

    /// <summary>The publish of a rollback.</summary>
    /// <exception cref="EtlException">As of the plan; or a table has other columns by now.</exception>
    public async Task<(RollbackPlan Plan, PublishPlan Publish)> PlanPublishAsync(
        RunId run,
        RunId to,
        CancellationToken cancellationToken
    )
    {
        var (plan, days) = await ReadAsync(to, cancellationToken);
        var current = await PublishPlan.ColumnsAsync(database, schemas.Analytics, cancellationToken);
        var kept = new Dictionary<RunId, Dictionary<string, IReadOnlyList<string>>>();
        foreach (var source in days.Select(d => d.Source).OfType<RunId>().Append(to).Distinct())
        {
            kept[source] = await PublishPlan.ColumnsAsync(database, source.Schema, cancellationToken);
        }

        IEnumerable<string> Restore(Mart table, BusinessDate day, RunId? source)
        {
            if (source is not { } owner || !kept[owner].TryGetValue(table.Name, out var columns))
            {
                return [sql.Delete(table, day)];
            }

            return columns.ToHashSet().SetEquals(current[table.Name])
                ? sql.Replace(table, owner, columns)
                : throw Refused(to, $"table {table.Name} had other columns then");
        }

        var changes = marts.All.SelectMany(table =>
            table.IsDaily ? days.SelectMany(d => Restore(table, d.Day, d.Source)) : Restore(table, to.BusinessDate, to)
        );
        return (
            plan,
            new PublishPlan(
                run,
                to,
                [.. datasets.All.Where(d => kept[to].ContainsKey(d.Name))],
                [.. changes, PublishSql.TakeBack(plan.Undone), .. sql.TakeOver(run, to)]
            )
        );
    }

    private async Task<(RollbackPlan Plan, IReadOnlyList<UndoneDay> Days)> ReadAsync(
        RunId to,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var target =
            (
                await RunsAsync(connection, $"select * from etl.runs where run_id = {to.ToString()}", cancellationToken)
            ).SingleOrDefault()
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"Run {to} is not in the ledger.",
                "See `etl runs` for the run IDs."
            );
        if (target.Status is not (RunStatus.Succeeded or RunStatus.Superseded))
        {
            throw Refused(
                to,
                target.Status == RunStatus.RolledBack ? "it was rolled back itself" : "it was not published"
            );
        }

        // From the oldest on. Runs that were rolled back are as if they had not been published.
        var published = await RunsAsync(
            connection,
            $"""
            select * from etl.runs where status in ('succeeded', 'superseded') and (
              published_at >= {target.PublishedAt} or business_date in (
                select business_date from etl.runs where published_at > {target.PublishedAt}))
            order by published_at
            """,
            cancellationToken
        );
        var newest = published[^1];
        if (newest.RunId == target.RunId || (newest.IsRollback && newest.BaseRunId == target.RunId))
        {
            return (new RollbackPlan(to, target.AsOf, [], newest.Id), []);
        }

        var later = published.FindAll(r => r.PublishedAt > target.PublishedAt);

        if (later.FindLast(r => r.IsRollback && r.BaseRunId == target.RunId) is { } heir)
        {
            throw Refused(
                to,
                $"its tables are those of run {heir.RunId}, which restored it",
                $"etl rollback --to {heir.RunId}"
            );
        }

        var before = published.FindAll(r => r.PublishedAt <= target.PublishedAt);
        var days = later
            .Select(r => r.BusinessDate)
            .Distinct()
            .Select(day => new UndoneDay(new BusinessDate(day), before.FindLast(r => r.BusinessDate == day)?.Id))
            .ToList();
        await RequireKeptAsync(
            connection,
            to,
            [.. days.Select(d => d.Source).OfType<RunId>().Append(to)],
            cancellationToken
        );
        return (new RollbackPlan(to, target.AsOf, [.. later.Select(r => r.Id)], null), days);
    }

    private static async Task<List<Run>> RunsAsync(
        NpgsqlConnection connection,
        FormattableString query,
        CancellationToken cancellationToken
    ) => (await RunTable.SelectAsync(connection, query, cancellationToken)).Runs;

    private async Task RequireKeptAsync(
        NpgsqlConnection connection,
        RunId to,
        IReadOnlyList<RunId> sources,
        CancellationToken cancellationToken
    )
    {
        var found = await connection.ReadRowsAsync(
            "select nspname::text from pg_namespace where nspname ~ '^run_'",
            [],
            row => row.GetString(0),
            cancellationToken
        );
        foreach (var missing in sources.Where(s => !found.Contains(s.Schema)))
        {
            throw Refused(to, $"the tables of run {missing} are not kept any more (Etl:Run:KeepRuns is {keepRuns})");
        }
    }

    private static EtlException Refused(RunId to, string reason, string? instead = null) =>
        new(
            ErrorCode.Usage,
            $"Run {to} cannot be restored: {reason}.",
            instead
                ?? $"Correct the files of the days to change and run them again: etl run --date {to.BusinessDate} --force"
        );

    /// <summary>A day whose rows a rollback takes back.</summary>
    /// <param name="Day">The day.</param>
    /// <param name="Source">The run that had published it before; null for none.</param>
    private sealed record UndoneDay(BusinessDate Day, RunId? Source);
}
