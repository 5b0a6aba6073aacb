using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl doctor</c>: whether a run would work, a line for each thing that it needs, each with its mend.</summary>
internal static class DoctorVerb
{
    private const string Settings = "settings";

    private static readonly Option<DateOnly?> Date = CommonOptions.Day(
        "--date",
        "The business date, for a source with {date} in it; today unless given."
    );

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "doctor",
            "Says whether a run would work: a line for each thing that it needs, with the mend. Changes nothing.",
            "etl doctor --source ./sample --lake ./lake"
        )
        {
            CommonOptions.Source,
            CommonOptions.Lake,
            Date,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.BuildUnchecked(parsed, terminal);
        var (day, diagnosis) = await ExamineAsync(host, parsed.GetValue(Date), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            JsonOutput.Write(terminal, DoctorDocument.Of(day, diagnosis), OutputJson.Default.DoctorDocument);
        }
        else
        {
            DoctorText.Write(terminal, diagnosis);
        }

        return diagnosis.Error?.Code.ExitCode() ?? 0;
    }

    private static async Task<(BusinessDate? Day, HealthReport Found)> ExamineAsync(
        IHost host,
        DateOnly? given,
        CancellationToken cancellationToken
    )
    {
        try
        {
            host.Services.GetRequiredService<SettingsCheck>().ThrowIfFaulty();
        }
        catch (EtlException exception)
        {
            // Nothing else can be looked at with settings that cannot be read.
            var lines = exception.Error.Message.Split('\n').Select(m => exception.Error with { Message = m });
            return (
                null,
                new HealthReport([.. lines.Select(l => new HealthCheckResult(Settings, HealthFinding.Fault(l)))])
            );
        }

        Destination.UseRunning(host);
        var day = BusinessDay.Of(host, given);
        var found = await host.Services.GetRequiredService<HealthCheckRunner>().ExamineAsync(day, cancellationToken);
        var settings = new HealthCheckResult(
            Settings,
            HealthFinding.Good("every setting is known and within its bounds")
        );
        return (day, new HealthReport([settings, .. found.Results]));
    }
}
