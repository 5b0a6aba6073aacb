using Etl.Application.Runs;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reads runs with all that was recorded of them, in two round trips however many runs they are.</summary>
internal sealed class RunHistoryReader(NpgsqlDataSource database) : IRunHistory
{
    public async Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken) =>
        (
            await ReadAsync($"select * from etl.runs where run_id = {run.ToString()}", cancellationToken)
        ).SingleOrDefault();

    public Task<IReadOnlyList<RunHistory>> ListAsync(int maxCount, CancellationToken cancellationToken) =>
        ReadAsync($"select * from etl.runs order by started_at desc limit {maxCount}", cancellationToken);

    public Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            $"""
            select * from etl.runs
            where started_at >= {from.ToUniversalTime()} and started_at < {until.ToUniversalTime()}
            order by started_at
            """,
            cancellationToken
        );

    public async Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken) =>
        (
            await ReadAsync(
                $"""
                select * from etl.runs
                where status in ('succeeded', 'superseded')
                  and (business_date, number) < ({run.BusinessDate.Value}, {run.Number})
                order by business_date desc, number desc limit 1
                """,
                cancellationToken
            )
        ).SingleOrDefault();

    public async Task<RunHistory?> PreviousDateAsync(BusinessDate date, CancellationToken cancellationToken) =>
        (
            await ReadAsync(
                $"""
                select * from etl.runs
                where status = 'succeeded' and business_date < {date.Value}
                order by business_date desc limit 1
                """,
                cancellationToken
            )
        ).SingleOrDefault();

    public async Task<Run?> LastStartBeforeAsync(BusinessDate date, CancellationToken cancellationToken) => (
            await ReadAsync(
                $"""
                select * from etl.runs
                where business_date < {date.Value} and base_run_id is null
                order by business_date desc, started_at desc limit 1
                """,
                cancellationToken
            )
        ).SingleOrDefault()?.Run;

    public async Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken) =>
        (
            await ReadAsync(
                $"""
                select * from etl.runs
                where run_id <> {run.ToString()} and finished_at is not null
                order by finished_at desc limit 1
                """,
                cancellationToken
            )
        ).SingleOrDefault();

    public Task<IReadOnlyList<FailedStarts>> ListFailedStartsAsync(
        BusinessDate? date,
        int maxCount,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync<IReadOnlyList<FailedStarts>>(
            "read the failed starts",
            async () =>
            {
                FormattableString query = $"""
                    select * from etl.starts where business_date = coalesce({date?.Value}, business_date)
                    order by last_at desc limit {maxCount}
                    """;
                await using var command = database.CreateCommand(query);
                await using var row = await command.ExecuteReaderAsync(cancellationToken);
                var starts = new List<FailedStarts>();
                while (await row.ReadAsync(cancellationToken))
                {
                    starts.Add(
                        new FailedStarts(
                            new BusinessDate(row.Day("business_date")),
                            row.Text("cause"),
                            row.Count("count"),
                            row.Count("repeats"),
                            row.Time("first_at"),
                            row.Time("last_at")
                        )
                    );
                }

                return starts;
            }
        );

    /// <param name="query">A query of whole rows of <c>etl.runs</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    private Task<IReadOnlyList<RunHistory>> ReadAsync(FormattableString query, CancellationToken cancellationToken) =>
        database.GuardAsync<IReadOnlyList<RunHistory>>(
            "read the ledger",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                var runs = await RunsAsync(connection, query, cancellationToken);
                return runs.Count == 0 ? [] : await WithFactsAsync(connection, runs, cancellationToken);
            }
        );

    private static async Task<List<RunHistory>> RunsAsync(
        NpgsqlConnection connection,
        FormattableString query,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { SqlCommands.Statement(query) } };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var runs = new List<RunHistory>();
        while (await row.ReadAsync(cancellationToken))
        {
            runs.Add(
                new RunHistory(RunTable.Read(row), [], [], [], [], row.TextOrNull("manifest_uri"), MessageSent: null)
                {
                    ReportUri = row.TextOrNull("report_uri"),
                    Usage = row.Count("duration_ms") is > 0 and var duration
                        ? new RunUsage(TimeSpan.FromMilliseconds(duration), row.Count("peak_memory_bytes"))
                        : null,
                }
            );
        }

        return runs;
    }

    private static async Task<RunHistory[]> WithFactsAsync(
        NpgsqlConnection connection,
        List<RunHistory> runs,
        CancellationToken cancellationToken
    )
    {
        var ids = runs.Select(r => r.Run.RunId).ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                SqlCommands.Statement($"select * from etl.run_steps where run_id = any({ids})"),
                SqlCommands.Statement($"select * from etl.run_files where run_id = any({ids})"),
                SqlCommands.Statement($"select * from etl.run_tests where run_id = any({ids})"),
                SqlCommands.Statement($"select * from etl.run_exports where run_id = any({ids})"),
                SqlCommands.Statement(
                    $"""
                    select * from etl.run_extensions as e where run_id = any({ids}) and attempt = (
                      select max(s.attempt) from etl.run_steps as s where s.run_id = e.run_id and s.step in ('extract', 'publish')
                    )
                    """
                ),
                SqlCommands.Statement(
                    $"""
                    select run_id, bool_and(sent_at is not null) as sent
                    from etl.messages where run_id = any({ids}) and not repeated group by run_id
                    """
                ),
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var steps = await ResultAsync(row, Step, cancellationToken);
        var files = await ResultAsync(row, File, cancellationToken);
        var tests = await ResultAsync(row, Test, cancellationToken);
        var exports = await ResultAsync(row, Export, cancellationToken);
        var extensions = await ResultAsync(row, Extension, cancellationToken);
        var sent = await ResultAsync(row, r => (bool?)r.GetBoolean(r.GetOrdinal("sent")), cancellationToken);
        return
        [
            .. runs.Select(r =>
                r with
                {
                    Steps = [.. steps[r.Run.RunId].OrderBy(s => s.StartedAt).ThenBy(s => s.Step)],
                    Files =
                    [
                        .. files[r.Run.RunId]
                            .OrderBy(f => f.Dataset, StringComparer.Ordinal)
                            .ThenBy(f => f.Role)
                            .ThenBy(f => f.Part, StringComparer.Ordinal),
                    ],
                    Tests = [.. tests[r.Run.RunId].OrderBy(t => t.Name, StringComparer.Ordinal)],
                    Exports = [.. exports[r.Run.RunId].OrderBy(e => e.Table, StringComparer.Ordinal)],
                    Extensions = [.. extensions[r.Run.RunId].OrderBy(e => e.File, StringComparer.Ordinal)],
                    MessageSent = sent[r.Run.RunId].SingleOrDefault(),
                }
            ),
        ];
    }

    /// <summary>The rows of the current result by run; the reader then stands at the next result.</summary>
    private static async Task<ILookup<string, T>> ResultAsync<T>(
        NpgsqlDataReader row,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<(string RunId, T Row)>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add((row.Text("run_id"), read(row)));
        }

        await row.NextResultAsync(cancellationToken);
        return rows.ToLookup(r => r.RunId, r => r.Row);
    }

    private static StepRecord Step(NpgsqlDataReader row) =>
        new(
            SnakeCase.Parse<Step>(row.Text("step")),
            row.GetInt32(row.GetOrdinal("attempt")),
            row.Time("started_at"),
            row.TimeOrNull("finished_at"),
            row.IsDBNull(row.GetOrdinal("succeeded")) ? null : row.GetBoolean(row.GetOrdinal("succeeded")),
            row.TextOrNull("detail")
        );

    private static FileRecord File(NpgsqlDataReader row) =>
        new(
            row.Text("dataset"),
            row.Text("uri"),
            row.Text("version"),
            row.Text("sha256"),
            row.Count("bytes"),
            row.Count("read"),
            row.Count("loaded"),
            row.Count("rejected"),
            SnakeCase.Parse<FileRole>(row.Text("role"))
        )
        {
            Part = row.Text("part"),
            Skipped = row.Count("skipped"),
            EndsWithLineEnd = row["ends_with_line_end"] as bool?,
            Format = row["format"] as string,
        };

    private static DataTestResult Test(NpgsqlDataReader row) =>
        new(
            row.Text("name"),
            SnakeCase.Parse<Severity>(row.Text("severity")),
            row.Count("violations"),
            row.Text("meaning")
        );

    private static ExtensionFile Extension(NpgsqlDataReader row) => new(row.Text("file"), row.Text("sha256"));

    private static ExportRecord Export(NpgsqlDataReader row) =>
        new(
            row.Text("table_name"),
            row.Text("uri"),
            row.Count("rows"),
            row.Count("bytes"),
            row.Text("sha256"),
            row.GetFieldValue<string[]>(row.GetOrdinal("columns"))
        );
}
