using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl plan</c>: what <c>etl run</c> with the same options would check and do, written nowhere.</summary>
internal static class PlanVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "plan",
            "Checks everything that `run` would check and says what it would do. Writes nothing anywhere.",
            "etl plan --source ./sample --lake ./lake --date 2025-06-30"
        )
        {
            CommonOptions.Source,
            CommonOptions.Lake,
            RunVerb.Date,
            RunVerb.At,
            RunVerb.AsOf,
            RunVerb.Force,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.Validators.Add(RunVerb.OneDay);
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        Required.Settings(host, Required.Source, Required.Lake);
        Destination.UseRunning(host);
        var request = new RunRequest(
            BusinessDay.Of(host, parsed.GetValue(RunVerb.Date), parsed.GetValue(RunVerb.At)),
            parsed.GetValue(RunVerb.AsOf),
            parsed.GetValue(RunVerb.At) is null ? Trigger.Manual : Trigger.Schedule,
            parsed.GetValue(RunVerb.Force)
        );
        var plan = await host.Services.GetRequiredService<RunPlanner>().PlanAsync(request, cancellationToken);
        host.EndProgress();
        if (parsed.GetValue(CommonOptions.Json))
        {
            JsonOutput.Write(terminal, PlanDocument.Of(plan), OutputJson.Default.PlanDocument);
        }
        else
        {
            PlanText.Write(
                terminal,
                plan,
                host.Services.GetRequiredService<DatasetCatalog>(),
                host.Services.GetRequiredService<MartCatalog>()
            );
        }

        if (plan.Error is { } error)
        {
            ErrorOutput.Write(terminal, error);
        }

        return plan.Error?.Code.ExitCode() ?? 0;
    }
}
