using System.CommandLine;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary>A verb that runs the pipeline once. Its document is that of a run, whatever fails.</summary>
internal abstract class PipelineVerb(
    Terminal terminal,
    string name,
    string description,
    Symbol[] options,
    params string[] examples
) : HostVerb(terminal, name, description, options, examples)
{
    public override string SerializeError(EtlError error) => SummaryJson.Write(SummaryJson.OfError(error));

    protected abstract Task<RunSummary> SummarizeAsync(VerbContext context, CancellationToken cancellationToken);

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken) =>
        await ResultAsync(context, await SummarizeAsync(context, cancellationToken));

    /// <summary>The result of a run, with the previous run for comparison in text.</summary>
    public static async Task<VerbResult> ResultAsync(VerbContext context, RunSummary summary) =>
        VerbResult.Of(summary, context.Json ? null : await PreviousAsync(context, summary));

    /// <summary>Runs the pipeline.</summary>
    public static Task<RunSummary> RunAsync(
        VerbContext context,
        RunRequest request,
        CancellationToken cancellationToken
    ) => context.Get<EtlPipeline>().RunAsync(request, cancellationToken);

    private static async Task<RunHistory?> PreviousAsync(VerbContext context, RunSummary summary)
    {
        if (summary.ExitCode != 0 || !RunId.TryParse(summary.RunId, out var run))
        {
            return null;
        }

        try
        {
            return await context.Get<IRunHistory>().PreviousAsync(run, CancellationToken.None);
        }
        catch (EtlException)
        {
            return null; // The run succeeded; a missing comparison must not fail the command.
        }
    }
}
