using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>The statements that record what is known of a run; what an earlier attempt recorded goes first.</summary>
internal static class LedgerFacts
{
    public static IEnumerable<NpgsqlBatchCommand> Replace(Run run, IReadOnlyList<StagedFile> files) =>
        files
            .Select(f => Insert(run, f))
            .Prepend(SqlCommands.Statement($"delete from etl.run_files where run_id = {run.RunId}"));

    public static IEnumerable<NpgsqlBatchCommand> Replace(Run run, IReadOnlyList<DataTestResult> tests) =>
        tests
            .Select(t => Insert(run, t))
            .Prepend(SqlCommands.Statement($"delete from etl.run_tests where run_id = {run.RunId}"));

    public static IEnumerable<NpgsqlBatchCommand> Replace(Run run, IReadOnlyList<ExportRecord> exports) =>
        exports
            .Select(e => Insert(run, e))
            .Prepend(SqlCommands.Statement($"delete from etl.run_exports where run_id = {run.RunId}"));

    private static NpgsqlBatchCommand Insert(Run run, StagedFile file) =>
        SqlCommands.Statement(
            $"""
            insert into etl.run_files (run_id, dataset, role, uri, version, sha256, bytes, read, loaded, rejected, header)
            values ({run.RunId}, {file.Dataset}, {SnakeCase.Text(file.Role)}, {file.File?.Uri ?? ""},
              {file.File?.Version
                ?? ""}, {file.Sha256}, {file.BytesRead}, {file.RowCounts.Read}, {file.RowCounts.Loaded},
              {file.RowCounts.Rejected}, {(file.Header.IsEmpty ? null : file.Header.ToArray())})
            """
        );

    private static NpgsqlBatchCommand Insert(Run run, DataTestResult test) =>
        SqlCommands.Statement(
            $"""
            insert into etl.run_tests (run_id, name, severity, violations, meaning)
            values ({run.RunId}, {test.Name}, {SnakeCase.Text(test.Severity)}, {test.Violations}, {test.Meaning})
            """
        );

    private static NpgsqlBatchCommand Insert(Run run, ExportRecord export) =>
        SqlCommands.Statement(
            $"""
            insert into etl.run_exports (run_id, table_name, uri, rows, bytes, sha256, columns)
            values ({run.RunId}, {export.Table}, {export.Uri}, {export.Rows}, {export.Bytes}, {export.Sha256},
              {export.Columns.ToArray()})
            """
        );
}
