using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>What a publish will do, determined before its transactions.</summary>
/// <param name="Run">The run.</param>
/// <param name="Datasets">Their tables are attached.</param>
/// <param name="Marts">Their rows are replaced.</param>
/// <param name="Columns">The columns of each analytics table's candidate.</param>
internal sealed record PublishPlan(
    RunId Run,
    DatasetCatalog Datasets,
    MartCatalog Marts,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Columns
)
{
    /// <exception cref="EtlException">A table of the run does not exist.</exception>
    public static async Task<PublishPlan> MakeAsync(
        NpgsqlDataSource database,
        RunId run,
        DatasetCatalog datasets,
        MartCatalog marts,
        CancellationToken cancellationToken
    )
    {
        var found = await ColumnsAsync(database, run, cancellationToken);
        var missing = datasets
            .All.Select(d => d.Name)
            .Concat(marts.All.Select(t => t.Name))
            .FirstOrDefault(t => !found.ContainsKey(t));
        return missing is null ? new PublishPlan(run, datasets, marts, found) : throw Missing(run, missing);
    }

    /// <summary>The error if a part of the run is missing.</summary>
    public static EtlException Missing(RunId run, string part) =>
        new(
            ErrorCode.Database,
            $"Could not publish run {run}: {run.Schema}.{part} does not exist.",
            "It was dropped during the run; run again.",
            retryable: true
        );

    private static async Task<Dictionary<string, IReadOnlyList<string>>> ColumnsAsync(
        NpgsqlDataSource database,
        RunId run,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select c.relname::text, array_agg(a.attname::text order by a.attnum)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where n.nspname = $1 and c.relkind = 'r'
            group by c.relname
            """
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = run.Schema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, IReadOnlyList<string>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetString(0)] = reader.GetFieldValue<string[]>(1);
        }

        return found;
    }
}
