using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Infrastructure.Postgres;

namespace Etl.Hosts.Console.Output;

/// <summary>A plan for people: health checks, files, and what the run would do.</summary>
internal static class PlanText
{
    public static void Write(
        Terminal terminal,
        RunPlan plan,
        DatasetCatalog datasets,
        MartCatalog marts,
        SchemaOptions schemas
    )
    {
        terminal.Out.WriteLine(Headline(plan));
        terminal.Out.WriteLine();
        HealthText.WriteResults(terminal, plan.Results);
        Tables.WriteSection(
            terminal,
            ["file", "#read", "#accepted", "#rejected", "#previous run", "#bytes", "sha256"],
            FileRow.Of(plan.Files).Select(f => Row(f, plan.Before))
        );
        if (plan.Error is null && plan.Decision is not RunDecision.AlreadyDone)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("The run would, in this order:");
            foreach (var (action, detail) in Actions(plan, datasets, marts, schemas))
            {
                terminal.Out.WriteLine($"  {action, -9} {detail}");
            }
        }

        Tables.WriteWarnings(terminal, plan.Warnings);
        HealthText.WriteNotExamined(terminal, plan.NotExamined, "see `etl doctor`");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("This is a plan: nothing was changed.");
    }

    private static string Headline(RunPlan plan)
    {
        var day = $"business date {plan.BusinessDate}, as of {new BusinessDate(plan.AsOf)}";
        return plan.Decision switch
        {
            RunDecision.OtherLake => $"Run {plan.Run!.Id} is published, its export to another lake is pending: {day}.",
            RunDecision.InProgress => $"Run {plan.Run!.Id} is in progress: {day}.",
            _ when plan.Error is not null => $"A run would fail: {day}.",
            RunDecision.AlreadyDone when plan.Run!.Status == RunStatus.RolledBack =>
                $"Run {plan.Run.Id} was rolled back: {day}. A run would change nothing; --force runs the day again.",
            RunDecision.AlreadyDone when plan.SourceChanged =>
                $"Already done by run {plan.Run!.Id}: {day}. The source changed since.",
            RunDecision.AlreadyDone => $"Already done by run {plan.Run!.Id}: {day}. A run would change nothing.",
            RunDecision.FinishExport => $"A run would finish the export of run {plan.Run!.Id}: {day}.",
            RunDecision.TakeOver => $"A run would take over run {plan.Run!.Id}, whose lease expired: {day}.",
            RunDecision.Begin => $"Run {plan.Run!.Id} would start: {day}.",
            _ => $"A run would start: {day}.",
        };
    }

    private static string[] Row(FileRow file, RunHistory? previous) =>
        [
            file.Name,
            Tables.Count(file.Read),
            Tables.Count(file.Loaded),
            Tables.Count(file.Rejected),
            !file.IsPart && previous?.RowCountsOf(file.Dataset) is { } rowCounts ? Tables.Count(rowCounts.Read) : "",
            Tables.Count(file.Bytes),
            file.Sha256,
        ];

    private static IEnumerable<(string Action, string Detail)> Actions(
        RunPlan plan,
        DatasetCatalog datasets,
        MartCatalog marts,
        SchemaOptions schemas
    )
    {
        var run = plan.ExpectedRun;
        if (plan.Migrations.Count > 0)
        {
            yield return ("migrate", string.Join(", ", plan.Migrations));
        }
        else if (plan.Decision is null)
        {
            yield return ("migrate", "the ledger and the schemas, where needed");
        }

        if (plan.FinishedFirst is { } first)
        {
            yield return ("finish", $"the export of run {first.Id}");
        }

        if (plan.Loads)
        {
            var rows = Tables.Count(plan.Files.Sum(f => f.RowCounts.Loaded), "row");
            yield return ("stage", $"{rows} in schema {run.Schema}");
            yield return (
                "transform",
                $"{Tables.Count(marts.All.Count, "table")} of schema {schemas.Analytics}, and test them"
            );
            yield return ("publish", string.Join(", ", datasets.All.Select(d => schemas.StagingTable(d.Name))));
        }

        foreach (var export in plan.Exports)
        {
            yield return ("export", export.Uri);
        }

        yield return ("notify", "1 message");
    }
}
