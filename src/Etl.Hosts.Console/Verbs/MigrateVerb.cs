using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl migrate</c>: updates the ledger and the schemas.</summary>
internal sealed class MigrateVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "migrate",
        "Updates the ledger and the schemas. `run` does this too, unless Etl:Run:Migrate is false.",
        [CommonOptions.Connection],
        "etl migrate"
    )
{
    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var applied = await context.Get<ILedgerMigrations>().MigrateAsync(cancellationToken);
        return VerbResult.Of(
            new MigrateDocument(applied),
            terminal =>
                terminal.Out.WriteLine(applied.Count == 0 ? "Up to date." : $"Applied {string.Join(", ", applied)}.")
        );
    }
}
