using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Transform;

/// <summary>Table <c>run</c>: the one row by which the SQL knows its run and the definitions that settings leave open.</summary>
internal sealed class RunParameters(IOptions<AnalyticsOptions> options)
{
    /// <summary>Creates the table.</summary>
    public const string Table = """
        create table run (
          run_id text not null,
          business_date date not null,
          as_of date not null,
          past_year text not null check (past_year in ('calendar', 'rolling')),
          past_year_first date not null,
          past_year_last date not null,
          rank_by text not null check (rank_by in ('points', 'count')),
          late_after_days integer not null,
          undelivered_after_days integer not null,
          has_products_file boolean not null,
          has_dates_file boolean not null,
          absent text[] not null
        )
        """;

    /// <summary>The datasets that were not delivered: they have no file, and in a replay no rows of the run before it either.</summary>
    private const string Absent = """
        select coalesce(array_agg(dataset order by dataset), '{}')
        from (select dataset from etl.run_files where run_id = $1 group by dataset having max(uri) = '') as files
        """;

    public async Task WriteAsync(
        RunSession session,
        RunId run,
        DateOnly asOf,
        DimensionFiles dimensions,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync(Table, cancellationToken);
        var (first, last) = PastYearOf(asOf, options.Value.PastYear);
        await using var insert = session.Command(
            $"insert into run values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ({Absent}))"
        );
        object[] values =
        [
            run.ToString(),
            run.BusinessDate.Value,
            asOf,
            options.Value.PastYear == PastYear.Rolling ? "rolling" : "calendar",
            first,
            last,
            options.Value.RankBy == RankBy.Count ? "count" : "points",
            options.Value.LateAfterDays,
            options.Value.UndeliveredAfterDays,
            dimensions.Products is not null,
            dimensions.Dates is not null,
        ];
        foreach (var value in values)
        {
            insert.Parameters.Add(new() { Value = value });
        }

        await insert.ExecuteNonQueryAsync(cancellationToken);
        if (dimensions.OfRun is { } other)
        {
            await session.ExecuteAsync(
                $"""
                update run set has_products_file = theirs.has_products_file, has_dates_file = theirs.has_dates_file
                from {Identifier.Quote(other.Schema, "run")} as theirs
                """,
                cancellationToken
            );
        }
    }

    /// <summary>
    /// First and last day of the past year, both included. A rolling year begins after the same day of the year before; that of
    /// a 29 February is the 28th.
    /// </summary>
    internal static (DateOnly First, DateOnly Last) PastYearOf(DateOnly asOf, PastYear kind) =>
        kind == PastYear.Rolling
            ? (asOf.AddYears(-1).AddDays(1), asOf)
            : (new DateOnly(asOf.Year - 1, 1, 1), new DateOnly(asOf.Year - 1, 12, 31));
}
