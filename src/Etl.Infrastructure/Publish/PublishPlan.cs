using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>What a publish will do, determined before its transactions.</summary>
/// <param name="Run">The run that is recorded as published.</param>
/// <param name="Source">The run whose tables are attached; for a rollback, an earlier one.</param>
/// <param name="Datasets">Those that have a table in it.</param>
/// <param name="Changes">The statements that replace the analytics rows, and what else the transaction changes.</param>
internal sealed record PublishPlan(
    RunId Run,
    RunId Source,
    IReadOnlyList<Dataset> Datasets,
    IReadOnlyList<string> Changes
)
{
    /// <summary>The plan of a run that has computed its tables.</summary>
    /// <exception cref="EtlException">A table of the run does not exist.</exception>
    public static async Task<PublishPlan> MakeAsync(
        NpgsqlDataSource database,
        PublishSql sql,
        RunId run,
        DatasetCatalog datasets,
        MartCatalog marts,
        CancellationToken cancellationToken
    )
    {
        var found = await ColumnsAsync(database, run.Schema, cancellationToken);
        var missing = datasets
            .All.Select(d => d.Name)
            .Concat(marts.All.Select(t => t.Name))
            .FirstOrDefault(t => !found.ContainsKey(t));
        return missing is null
            ? new PublishPlan(
                run,
                run,
                datasets.All,
                [.. marts.All.SelectMany(m => sql.Replace(m, run, found[m.Name]))]
            )
            : throw Missing(run, missing);
    }

    /// <summary>The error if a part of the run is missing.</summary>
    public static EtlException Missing(RunId run, string part) =>
        new(
            ErrorCode.Database,
            $"Could not publish run {run}: {run.Schema}.{part} does not exist.",
            "It was dropped during the run; run again.",
            retryable: true
        );

    /// <summary>The columns of each table of a schema.</summary>
    public static async Task<Dictionary<string, IReadOnlyList<string>>> ColumnsAsync(
        NpgsqlDataSource database,
        string schema,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tables = await connection.ReadRowsAsync(
            """
            select c.relname::text, array_agg(a.attname::text order by a.attnum)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where n.nspname = $1 and c.relkind = 'r'
            group by c.relname
            """,
            [schema],
            row => (Name: row.GetString(0), Columns: row.GetFieldValue<string[]>(1)),
            cancellationToken
        );
        return tables.ToDictionary(t => t.Name, IReadOnlyList<string> (t) => t.Columns);
    }
}
