using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Reads one run with all that was recorded of it, in two round trips: what a run itself asks for.</summary>
internal sealed class RunHistories(NpgsqlDataSource database)
{
    public Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken) =>
        ReadAsync($"select * from etl.runs where run_id = {run.ToString()}", cancellationToken);

    public Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""
            select * from etl.runs
            where status in ('succeeded', 'superseded')
              and (business_date, number) < ({run.BusinessDate.Value}, {run.Number})
            order by business_date desc, number desc limit 1
            """,
            cancellationToken
        );

    public Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""
            select * from etl.runs
            where run_id <> {run.ToString()} and finished_at is not null
            order by finished_at desc limit 1
            """,
            cancellationToken
        );

    /// <param name="which">A query of whole rows of <c>etl.runs</c>, one at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private Task<RunHistory?> ReadAsync(FormattableString which, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "read the ledger",
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await RunAsync(connection, which, cancellationToken) is { } found
                    ? await HistoryAsync(connection, found, cancellationToken)
                    : null;
            }
        );

    private static async Task<RunRow?> RunAsync(
        NpgsqlConnection connection,
        FormattableString which,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { SqlCommands.Statement(which) } };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new RunRow(
                RunTable.Read(row),
                row.TextOrNull("manifest_uri"),
                row.TextOrNull("report_uri"),
                row.Count("duration_ms"),
                row.Count("peak_memory_bytes")
            )
            : null;
    }

    private static async Task<RunHistory> HistoryAsync(
        NpgsqlConnection connection,
        RunRow found,
        CancellationToken cancellationToken
    )
    {
        var run = found.Run;
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                SqlCommands.Statement($"select * from etl.run_steps where run_id = {run.RunId}"),
                SqlCommands.Statement($"select * from etl.run_files where run_id = {run.RunId}"),
                SqlCommands.Statement($"select * from etl.run_tests where run_id = {run.RunId}"),
                SqlCommands.Statement($"select * from etl.run_exports where run_id = {run.RunId}"),
                SqlCommands.Statement($"select run_id, sent_at from etl.messages where run_id = {run.RunId}"),
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new HistoryRows
        {
            Runs = [found],
            Steps = await ResultAsync(row, Step, cancellationToken),
            Files = await ResultAsync(row, File, cancellationToken),
            Tests = await ResultAsync(row, Test, cancellationToken),
            Exports = await ResultAsync(row, Export, cancellationToken),
            Messages = await ResultAsync(
                row,
                r => (run.RunId, r.MomentOrNull("sent_at") is not null),
                cancellationToken
            ),
        };
        return rows.ToHistories().Single();
    }

    /// <summary>The rows of one statement's result; the next statement's stands ready then.</summary>
    private static async Task<List<T>> ResultAsync<T>(
        NpgsqlDataReader row,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<T>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        await row.NextResultAsync(cancellationToken);
        return rows;
    }

    private static StepRow Step(NpgsqlDataReader row) =>
        new()
        {
            RunId = row.Text("run_id"),
            Attempt = row.GetInt32(row.GetOrdinal("attempt")),
            Step = SnakeCase.Parse<Step>(row.Text("step")),
            StartedAt = row.Moment("started_at"),
            FinishedAt = row.MomentOrNull("finished_at"),
            Succeeded = row.IsDBNull(row.GetOrdinal("succeeded")) ? null : row.GetBoolean(row.GetOrdinal("succeeded")),
            Detail = row.TextOrNull("detail"),
        };

    private static FileRow File(NpgsqlDataReader row) =>
        new()
        {
            RunId = row.Text("run_id"),
            Dataset = row.Text("dataset"),
            Role = SnakeCase.Parse<FileRole>(row.Text("role")),
            Uri = row.Text("uri"),
            Version = row.Text("version"),
            Sha256 = row.Text("sha256"),
            Bytes = row.Count("bytes"),
            Read = row.Count("read"),
            Loaded = row.Count("loaded"),
            Rejected = row.Count("rejected"),
        };

    private static TestRow Test(NpgsqlDataReader row) =>
        new()
        {
            RunId = row.Text("run_id"),
            Name = row.Text("name"),
            Severity = SnakeCase.Parse<Severity>(row.Text("severity")),
            Violations = row.Count("violations"),
            Meaning = row.Text("meaning"),
        };

    private static ExportRow Export(NpgsqlDataReader row) =>
        new()
        {
            RunId = row.Text("run_id"),
            TableName = row.Text("table_name"),
            Uri = row.Text("uri"),
            Rows = row.Count("rows"),
            Bytes = row.Count("bytes"),
            Sha256 = row.Text("sha256"),
            Columns = row.GetFieldValue<string[]>(row.GetOrdinal("columns")),
        };
}
