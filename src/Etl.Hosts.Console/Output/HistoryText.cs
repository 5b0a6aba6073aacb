using System.Globalization;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>All that the ledger knows of a run, for people.</summary>
internal static class HistoryText
{
    public static void Write(Terminal terminal, RunHistory history)
    {
        var run = history.Run;
        var words = $"Run {run.RunId}: {RunDocument.Snake(run.Status.ToString()).Replace('_', ' ')}";
        var attempts = run.Attempts > 1 ? $", {run.Attempts} attempts" : "";
        terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{words}, business date {run.BusinessDate:yyyy-MM-dd}, as of {run.AsOf:yyyy-MM-dd}{attempts}"
            )
        );
        terminal.Out.WriteLine($"Started {Moment(run.StartedAt)} UTC.");
        if (run.BaseRunId is { } replayed)
        {
            terminal.Out.WriteLine($"Corrected rows joined those of run {replayed}.");
        }

        if (run.ErrorMessage is { } message)
        {
            terminal.Out.WriteLine($"error: {run.ErrorCode}: {message}");
            terminal.Out.WriteLine($"next:  {run.ErrorNextStep}");
        }

        WriteSteps(terminal, history);
        WriteFiles(terminal, history);
        WriteTests(terminal, history);
        WriteExports(terminal, history);
        terminal.Out.WriteLine();
        foreach (var folder in history.Files.Select(f => FolderOf(f.Uri)).Where(f => f.Length > 0).Distinct())
        {
            terminal.Out.WriteLine($"source:   {folder}");
        }

        terminal.Out.WriteLine($"manifest: {history.ManifestUri ?? "none"}");
        terminal.Out.WriteLine($"report:   {history.ReportUri ?? "none"}");
        terminal.Out.WriteLine($"message:  {MessageWords(history.MessageSent)}");
    }

    public static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static void WriteSteps(Terminal terminal, RunHistory history) =>
        Section(
            terminal,
            ["step", "#attempt", "began", "#seconds", "ended", "detail"],
            history.Steps.Select(s =>
                (string[])
                    [
                        RunDocument.Snake(s.Step.ToString()),
                        Tables.Count(s.Attempt),
                        Moment(s.StartedAt)[^8..], // the day stands above
                        s.FinishedAt is { } end ? Seconds(end - s.StartedAt) : "",
                        s.Succeeded switch
                        {
                            true => "well",
                            false => "failed",
                            null => "not recorded",
                        },
                        s.Detail ?? "",
                    ]
            )
        );

    private static void WriteFiles(Terminal terminal, RunHistory history) =>
        Section(
            terminal,
            ["file", "role", "#read", "#loaded", "#rejected", "#bytes", "sha256"],
            history.Files.Select(f =>
                (string[])
                    [
                        f.Uri.Length == 0 ? $"{f.Dataset} (none)" : f.Uri[FolderOf(f.Uri).Length..],
                        RunDocument.Snake(f.Role.ToString()),
                        .. new[] { f.Read, f.Loaded, f.Rejected, f.Bytes }.Select(Tables.Count),
                        Short(f.Sha256),
                    ]
            )
        );

    /// <summary>Tests that found rows, with what that means; the others by number: JSON names them all.</summary>
    private static void WriteTests(Terminal terminal, RunHistory history)
    {
        var found = history.Tests.Where(t => t.Violations > 0).ToList();
        Section(
            terminal,
            ["data test", "severity", "#violations", "meaning"],
            found.Select(t =>
                (string[])[t.Name, RunDocument.Snake(t.Severity.ToString()), Tables.Count(t.Violations), t.Meaning]
            )
        );
        if (history.Tests.Count > found.Count)
        {
            terminal.Out.WriteLine(
                $"{history.Tests.Count - found.Count} of {history.Tests.Count} data tests found nothing."
            );
        }
    }

    private static void WriteExports(Terminal terminal, RunHistory history) =>
        Section(
            terminal,
            ["export", "#rows", "#bytes", "sha256"],
            history.Exports.Select(e =>
                (string[])[e.Table, Tables.Count(e.Rows), Tables.Count(e.Bytes), Short(e.Sha256)]
            )
        );

    private static void Section(Terminal terminal, string[] headers, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count > 0)
        {
            terminal.Out.WriteLine();
            Tables.Write(terminal, headers, all);
        }
    }

    private static string FolderOf(string uri) => uri[..(uri.LastIndexOf('/') + 1)];

    private static string Short(string sha256) => sha256.Length > 12 ? sha256[..12] : sha256;

    private static string MessageWords(bool? sent) =>
        sent switch
        {
            true => "sent",
            false => "not sent yet; the next start tries again",
            null => "none",
        };
}
