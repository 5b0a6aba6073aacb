using System.CommandLine;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl migrate</c>: brings the ledger and the schemas up to date.</summary>
internal static class MigrateVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "migrate",
            "Brings the ledger and the schemas up to date; a run does it too, unless Etl:Run:Migrate is false.",
            "etl migrate"
        )
        {
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var applied = await host.Services.GetRequiredService<ILedgerMigrations>().MigrateAsync(cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new MigrateDocument("succeeded", 0, applied, Error: null);
            JsonOutput.Write(terminal, document, OutputJson.Default.MigrateDocument);
            return 0;
        }

        terminal.Out.WriteLine(applied.Count == 0 ? "Up to date." : $"Applied {string.Join(", ", applied)}.");
        return 0;
    }
}
