using System.Globalization;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>Runs of the ledger for people.</summary>
internal static class HistoryText
{
    public static void WriteList(Terminal terminal, IReadOnlyList<RunHistory> runs, IReadOnlyList<FailedStarts> starts)
    {
        if (runs.Count == 0)
        {
            terminal.Out.WriteLine(
                "The ledger has no run yet. Start one with `etl run`, or with `etl demo` for sample data."
            );
        }
        else
        {
            WriteRuns(terminal, runs);
        }

        Tables.WriteSection(
            terminal,
            ["failed starts of", "cause", "#starts", "first, UTC", "last, UTC"],
            starts.Select(s =>
                (string[])
                    [
                        s.BusinessDate.ToString(),
                        s.Cause,
                        Tables.Count(s.Count),
                        Time(s.FirstAt)[..^3],
                        Time(s.LastAt)[..^3],
                    ]
            )
        );
    }

    private static void WriteRuns(Terminal terminal, IReadOnlyList<RunHistory> runs) =>
        Tables.Write(
            terminal,
            ["run", "status", "started, UTC", "#seconds", "#loaded", "#rejected"],
            runs.Select(h =>
                (string[])
                    [
                        h.Run.RunId,
                        StatusAndCauseOf(h.Run),
                        Time(h.Run.StartedAt)[..^3], // to the minute
                        Duration(h.Run.StartedAt, h.Run.FinishedAt),
                        Tables.Count(h.Files.Sum(f => f.Loaded)),
                        Tables.Count(h.Files.Sum(f => f.Rejected)),
                    ]
            )
        );

    public static void Write(Terminal terminal, RunHistory history)
    {
        var run = history.Run;
        var status = StatusOf(run).Replace('_', ' ');
        var attempts = run.Attempts > 1 ? $", {run.Attempts} attempts" : "";
        terminal.Out.WriteLine(
            $"Run {run.RunId}: {status}, business date {new BusinessDate(run.BusinessDate)}, as of {new BusinessDate(run.AsOf)}{attempts}"
        );
        terminal.Out.WriteLine($"Started {Time(run.StartedAt)} UTC.");
        if (run.BaseRunId is { } baseRun)
        {
            terminal.Out.WriteLine(
                run.IsRollback
                    ? $"It restored the rows of run {baseRun}."
                    : $"It added corrected rows to those of run {baseRun}."
            );
        }

        if (run.Trigger == Trigger.Redelivery)
        {
            terminal.Out.WriteLine("It loaded files of a published day that were delivered again.");
        }

        if (run.AcceptedShrunk.Count > 0)
        {
            var names = string.Join(", ", run.AcceptedShrunk);
            terminal.Out.WriteLine($"Fewer rows than on the previous business date were accepted: {names}.");
        }

        if (ErrorOf(run) is { } code)
        {
            terminal.Out.WriteLine($"error: {code}: {run.ErrorMessage}");
            terminal.Out.WriteLine($"next:  {run.ErrorNextStep}");
        }

        WriteTables(terminal, history);
        terminal.Out.WriteLine();
        foreach (var folder in history.Files.Select(f => FolderOf(f.Uri)).Where(f => f.Length > 0).Distinct())
        {
            WritePlace("source:   ", folder);
        }

        var sent = history.MessageSent switch
        {
            true => "sent",
            false => "not sent; the next start retries",
            null => "none",
        };
        WritePlace("manifest: ", history.ManifestUri ?? "none");
        WritePlace("report:   ", history.ReportUri ?? "none");
        terminal.Out.WriteLine($"message:  {sent}");

        void WritePlace(string label, string location) =>
            terminal.Out.WriteLine(label + Place.Show(terminal, location, label.Length));
    }

    /// <summary>The name of a run's file, for a row of a table.</summary>
    public static string FileName(FileRecord file) =>
        file.Uri.Length == 0 ? $"{file.Dataset} (none)" : file.Uri[FolderOf(file.Uri).Length..];

    public static string Short(string sha256) => sha256.Length > 12 ? sha256[..12] : sha256;

    private static void WriteTables(Terminal terminal, RunHistory history)
    {
        Tables.WriteSection(
            terminal,
            ["step", "#attempt", "started", "#seconds", "status", "detail"],
            history.Steps.Select(s =>
                (string[])
                    [
                        JsonOutput.SnakeCase(s.Step),
                        Tables.Count(s.Attempt),
                        Time(s.StartedAt)[^8..], // without the date
                        Duration(s.StartedAt, s.FinishedAt),
                        s.Succeeded is { } succeeded ? (succeeded ? "succeeded" : "failed") : "not finished",
                        s.Detail ?? "",
                    ]
            )
        );
        Tables.WriteSection(
            terminal,
            ["file", "role", "#read", "#loaded", "#rejected", "#bytes", "sha256"],
            history.Files.Select(f =>
                (string[])
                    [
                        FileName(f),
                        JsonOutput.SnakeCase(f.Role),
                        .. new[] { f.Read, f.Loaded, f.Rejected, f.Bytes }.Select(Tables.Count),
                        Short(f.Sha256),
                    ]
            )
        );
        WriteTests(terminal, history.Tests);
        Tables.WriteSection(
            terminal,
            ["export", "#rows", "#bytes", "sha256"],
            history.Exports.Select(e =>
                (string[])[e.Table, Tables.Count(e.Rows), Tables.Count(e.Bytes), Short(e.Sha256)]
            )
        );
        Tables.WriteSection(
            terminal,
            ["extension", "sha256"],
            history.Extensions.Select(e => (string[])[e.File, Short(e.Sha256)])
        );
    }

    /// <summary>The data tests with violations by name, the others by number; JSON lists all.</summary>
    private static void WriteTests(Terminal terminal, IReadOnlyList<DataTestResult> tests)
    {
        var violated = tests.Where(t => t.Violations > 0).ToList();
        Tables.WriteSection(
            terminal,
            ["data test", "severity", "#violations", "meaning"],
            violated.Select(t =>
                (string[])[t.Name, JsonOutput.SnakeCase(t.Severity), Tables.Count(t.Violations), t.Meaning]
            )
        );
        if (tests.Count > violated.Count)
        {
            terminal.Out.WriteLine(
                $"{tests.Count - violated.Count} of {Tables.Count(tests.Count, "data test")} found no violations."
            );
        }
    }

    /// <summary>The status of a run, as in <c>timed_out</c>.</summary>
    public static string StatusOf(Run run) =>
        run.IsExportPending ? JsonOutput.SnakeCase(SummaryStatus.ExportPending) : JsonOutput.SnakeCase(run.Status);

    /// <summary>The code of the error that ended or interrupted a run; null where a later attempt succeeded.</summary>
    public static string? ErrorOf(Run run) =>
        run is { PublishedAt: not null, FinishedAt: not null } ? null : run.ErrorCode;

    /// <summary>Status and cause in one column, because a line of the list has 80 characters.</summary>
    private static string StatusAndCauseOf(Run run)
    {
        var (status, cause) = (StatusOf(run), ErrorOf(run));
        return cause is null || cause == status ? status : $"{status}: {cause}";
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Duration(DateTimeOffset start, DateTimeOffset? end) =>
        end is null ? "" : Tables.Seconds(end.Value - start);

    private static string FolderOf(string uri) => uri[..(uri.LastIndexOf('/') + 1)];
}
