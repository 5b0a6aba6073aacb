using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl doctor</c>: whether a run would work, one line per requirement, with the fix.</summary>
internal sealed class DoctorVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "doctor",
        "Checks whether a run would work: one line per requirement, with the fix. Changes nothing.",
        [CommonOptions.Source, CommonOptions.Lake, CommonOptions.SourceDate, CommonOptions.Connection],
        "etl doctor --source ./sample --lake ./lake"
    )
{
    private const string Settings = "settings";

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfRunning;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var date = context.BusinessDate(context.Value(CommonOptions.SourceDate));
        var report = await context.Get<HealthCheckRunner>().RunAsync(date, cancellationToken);
        var settings = HealthCheckResult.Ok("all settings are known and valid") with { Check = Settings };
        return ResultOf(date.ToString(), new HealthReport([settings, .. report.Results]));
    }

    /// <summary>Nothing else can be checked with invalid settings.</summary>
    protected override VerbResult ResultOfInvalidSettings(EtlError error)
    {
        var lines = error.Message.Split('\n').Select(line => error with { Message = line });
        return ResultOf(
            null,
            new HealthReport([.. lines.Select(l => HealthCheckResult.Error(l) with { Check = Settings })])
        );
    }

    private static VerbResult ResultOf(string? date, HealthReport report) =>
        VerbResult.Of(
            new DoctorDocument(date, [.. report.Results.Select(HealthCheckDocument.Of)]) { Failure = report.Error },
            terminal => HealthText.Write(terminal, report)
        ) with
        {
            Error = null, // The report contains it.
        };
}
