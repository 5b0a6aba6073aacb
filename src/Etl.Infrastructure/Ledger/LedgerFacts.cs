using Etl.Application.Ports;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Ledger;

/// <summary>What is recorded of a run, as rows.</summary>
internal static class LedgerFacts
{
    public static FileRow Of(Run run, StagedFile file) =>
        new()
        {
            RunId = run.RunId,
            Dataset = file.Dataset,
            Uri = file.File?.Uri ?? "",
            Version = file.File?.Version ?? "",
            Sha256 = file.Sha256,
            Bytes = file.BytesRead,
            Read = file.Books.Read,
            Loaded = file.Books.Loaded,
            Quarantined = file.Books.Quarantined,
            Part = file.Part,
            Header = file.Header.IsEmpty ? null : file.Header.ToArray(),
        };

    public static TestRow Of(Run run, DataTestResult test) =>
        new()
        {
            RunId = run.RunId,
            Name = test.Name,
            Severity = test.Severity,
            Violations = test.Violations,
            Meaning = test.Meaning,
        };

    public static ExportRow Of(Run run, ExportRecord export) =>
        new()
        {
            RunId = run.RunId,
            TableName = export.Table,
            Uri = export.Uri,
            Rows = export.Rows,
            Bytes = export.Bytes,
            Sha256 = export.Sha256,
            Columns = [.. export.Columns],
        };
}
