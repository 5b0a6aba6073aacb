using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Records the facts of a run. What an earlier attempt recorded is replaced.</summary>
internal sealed class RunJournal(NpgsqlDataSource database, LeaseOwner owner, LeasedRuns leased) : IRunJournal
{
    public Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"record a step of run {run}",
            async () =>
            {
                // A run that has ended has no owner; its step Notify is still recorded.
                var recorded = await database.ExecuteAsync(
                    $"""
                    insert into etl.run_steps (run_id, attempt, step, started_at, finished_at, succeeded, detail)
                    select run_id, {step.Attempt}, {SnakeCase.Text(step.Step)}, {step.StartedAt},
                      {step.FinishedAt}::timestamptz, {step.Succeeded}::boolean, {step.Detail}::text
                    from etl.runs
                    where run_id = {run.ToString()} and (lease_owner = {owner.Text} or lease_owner is null)
                    for share
                    on conflict (run_id, attempt, step) do update set started_at = excluded.started_at,
                      finished_at = excluded.finished_at, succeeded = excluded.succeeded, detail = excluded.detail
                    """,
                    cancellationToken
                );
                if (recorded == 0)
                {
                    throw LeasedRuns.Lost(run);
                }
            }
        );

    public Task RecordExtensionsAsync(
        RunId run,
        int attempt,
        IReadOnlyList<ExtensionFile> extensions,
        CancellationToken cancellationToken
    ) =>
        leased.ChangeAsync(
            run,
            "record the extensions",
            (_, _) =>
                extensions
                    .Select(e => Insert(run, attempt, e))
                    .Prepend(
                        SqlCommands.Statement(
                            $"delete from etl.run_extensions where run_id = {run.ToString()} and attempt = {attempt}"
                        )
                    ),
            cancellationToken
        );

    public Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken) =>
        leased.ChangeAsync(
            run,
            "record the files",
            (_, _) =>
                files
                    .Select(f => Insert(run, f))
                    .Prepend(SqlCommands.Statement($"delete from etl.run_files where run_id = {run.ToString()}")),
            cancellationToken
        );

    public Task RecordTestsAsync(RunId run, IReadOnlyList<DataTestResult> tests, CancellationToken cancellationToken) =>
        leased.ChangeAsync(
            run,
            "record the data tests",
            (_, _) =>
                tests
                    .Select(t => Insert(run, t))
                    .Prepend(SqlCommands.Statement($"delete from etl.run_tests where run_id = {run.ToString()}")),
            cancellationToken
        );

    public Task RecordExportsAsync(
        RunId run,
        IReadOnlyList<ExportRecord> exports,
        string manifestUri,
        CancellationToken cancellationToken
    ) =>
        leased.ChangeAsync(
            run,
            "record the exports",
            (held, now) =>
            {
                held.Export(now);
                return exports
                    .Select(e => Insert(run, e))
                    .Prepend(SqlCommands.Statement($"delete from etl.run_exports where run_id = {run.ToString()}"))
                    .Append(
                        SqlCommands.Statement(
                            $"update etl.runs set manifest_uri = {manifestUri} where run_id = {run.ToString()}"
                        )
                    )
                    .Append(RunTable.Update(held));
            },
            cancellationToken
        );

    public Task RecordReportAsync(RunId run, string uri, CancellationToken cancellationToken) =>
        database.GuardAsync(
            $"record the report of run {run}",
            () =>
                database.ExecuteAsync(
                    $"update etl.runs set report_uri = {uri} where run_id = {run.ToString()}",
                    cancellationToken
                )
        );

    public Task RecordUsageAsync(RunId run, RunUsage usage, CancellationToken cancellationToken)
    {
        var duration = (long)Math.Ceiling(usage.Duration.TotalMilliseconds);
        return database.GuardAsync(
            $"record the usage of run {run}",
            () =>
                database.ExecuteAsync(
                    $"""
                    update etl.runs set duration_ms = duration_ms + {duration},
                      peak_memory_bytes = greatest(peak_memory_bytes, {usage.PeakMemoryBytes})
                    where run_id = {run.ToString()}
                    """,
                    cancellationToken
                )
        );
    }

    private static NpgsqlBatchCommand Insert(RunId run, int attempt, ExtensionFile extension) =>
        SqlCommands.Statement(
            $"""
            insert into etl.run_extensions (run_id, attempt, file, sha256)
            values ({run.ToString()}, {attempt}, {extension.File}, {extension.Sha256})
            """
        );

    private static NpgsqlBatchCommand Insert(RunId run, StagedFile file)
    {
        var header = file.Header.IsEmpty ? null : file.Header.ToArray();
        return SqlCommands.Statement(
            $"""
            insert into etl.run_files (run_id, dataset, role, part, uri, version, sha256, bytes, read, loaded, rejected, skipped,
              ends_with_line_end, header, format)
            values ({run.ToString()}, {file.Dataset}, {SnakeCase.Text(file.Role)}, {file.Part}, {file.Uri},
              {file.Version}, {file.Sha256}, {file.Bytes}, {file.Read}, {file.Loaded}, {file.Rejected}, {file.Skipped},
              {file.EndsWithLineEnd}::boolean, {header}, {file.Format}::text)
            """
        );
    }

    private static NpgsqlBatchCommand Insert(RunId run, DataTestResult test) =>
        SqlCommands.Statement(
            $"""
            insert into etl.run_tests (run_id, name, severity, violations, meaning)
            values ({run.ToString()}, {test.Name}, {SnakeCase.Text(test.Severity)}, {test.Violations}, {test.Meaning})
            """
        );

    private static NpgsqlBatchCommand Insert(RunId run, ExportRecord export) =>
        SqlCommands.Statement(
            $"""
            insert into etl.run_exports (run_id, table_name, uri, rows, bytes, sha256, columns)
            values ({run.ToString()}, {export.Table}, {export.Uri}, {export.Rows}, {export.Bytes}, {export.Sha256},
              {export.Columns.ToArray()})
            """
        );
}
