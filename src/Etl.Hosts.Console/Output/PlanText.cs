using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>A plan for people: how everything stands, what the files hold, what would be done.</summary>
internal static class PlanText
{
    public static void Write(Terminal terminal, RunPlan plan, DatasetCatalog datasets, MartCatalog marts)
    {
        terminal.Out.WriteLine(Headline(plan));
        terminal.Out.WriteLine();
        DoctorText.WriteFindings(terminal, plan.Results);
        WriteFiles(terminal, plan);
        if (plan.Error is null && plan.Decision is not RunDecision.AlreadyDone)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("It would, in this order:");
            foreach (var line in Deeds(plan, datasets, marts))
            {
                terminal.Out.WriteLine($"  {line}");
            }
        }

        foreach (var warning in plan.Warnings)
        {
            SummaryText.Remark(terminal, warning);
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("This was a plan: nothing was written.");
    }

    private static string Headline(RunPlan plan)
    {
        var day = $"business date {plan.BusinessDate}, as of {new BusinessDate(plan.AsOf)}";
        return plan.Decision switch
        {
            _ when plan.Decision == RunDecision.InProgress => $"Run {plan.Run!.Id} is in progress: {day}.",
            _ when plan.Error is not null => $"A run would fail: {day}.",
            RunDecision.AlreadyDone => $"Already done by run {plan.Run!.Id}: {day}. A run would change nothing.",
            RunDecision.FinishExport => $"A run would finish the export of run {plan.Run!.Id}: {day}.",
            RunDecision.TakeOver => $"A run would take over {plan.Run!.Id}, whose host died: {day}.",
            RunDecision.Begin => $"A run would be {plan.Run!.Id}: {day}.",
            _ => $"A run would begin: {day}.",
        };
    }

    private static void WriteFiles(Terminal terminal, RunPlan plan)
    {
        if (plan.Files.Count == 0)
        {
            return;
        }

        terminal.Out.WriteLine();
        Tables.Write(
            terminal,
            ["file", "#read", "#good", "#rejected", "#last run", "#bytes", "sha256"],
            [
                .. plan.Files.Select(f =>
                    (string[])
                        [
                            f.File!.FileName,
                            .. new[] { f.RowCounts.Read, f.RowCounts.Loaded, f.RowCounts.Rejected }.Select(
                                Tables.Count
                            ),
                            plan.Before?.RowCountsOf(f.Dataset) is { } rowCounts ? Tables.Count(rowCounts.Read) : "",
                            Tables.Count(f.BytesRead),
                            f.Sha256[..12],
                        ]
                ),
            ]
        );
    }

    private static IEnumerable<string> Deeds(RunPlan plan, DatasetCatalog datasets, MartCatalog marts)
    {
        var run = plan.Run?.Id ?? new RunId(plan.BusinessDate, 1);
        if (plan.Migrations.Count > 0 || plan.Decision is null)
        {
            yield return $"migrate   {(plan.Migrations.Count > 0 ? string.Join(", ", plan.Migrations) : "what is pending")}";
        }

        if (plan.FinishedFirst is { } first)
        {
            yield return $"finish    the export of run {first.Id}";
        }

        if (plan.Loads)
        {
            yield return $"load      {Rows(plan)} rows into schema {run.Schema}";
            yield return $"publish   them as {string.Join(", ", datasets.All.Select(d => $"staging.{d.Name}"))}";
            yield return $"compute   {marts.All.Count} tables of schema analytics, and test them before the publish";
        }

        foreach (var export in plan.Exports)
        {
            yield return $"export    {export.Uri}";
        }

        yield return "tell      one message";
    }

    private static string Rows(RunPlan plan) => Tables.Count(plan.Files.Sum(f => f.RowCounts.Loaded));
}
