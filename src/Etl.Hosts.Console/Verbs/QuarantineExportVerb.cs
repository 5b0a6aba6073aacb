using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Infrastructure.Aws;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine export</c>: rejected rows as a CSV file to correct.</summary>
internal sealed class QuarantineExportVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "export",
        "Writes the rejected rows of a run to a CSV file for correction: the header of their file and their exact bytes.",
        [Run, DatasetName, Out, CommonOptions.Connection],
        "etl quarantine export --run 20250630-001 --dataset orders --out orders.corrected.csv"
    )
{
    private static readonly Option<RunId?> Run = CommonOptions.Run("The run.").Required();

    private static readonly Option<string> DatasetName = QuarantineVerbs
        .DatasetOption<string>("The dataset.")
        .Required();

    private static readonly Option<string> Out = new Option<string>("--out")
    {
        Description = "The file to create. It must not exist.",
        HelpName = "FILE",
    }.Required();

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfCreated;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var export = context.Get<QuarantineExport>();
        var (run, dataset) = (
            context.Value(Run)!.Value,
            QuarantineVerbs.DatasetOf(context, context.Value(DatasetName)!)
        );
        var path = Path.GetFullPath(context.Value(Out)!);
        var plan = await export.PlanAsync(run, dataset, cancellationToken);
        var result = await WriteFileAsync(export, plan, path, cancellationToken);
        var (written, tooLong, notKept) = result;
        return VerbResult.Of(
            new QuarantineExportDocument(run.ToString(), dataset.Name, path, written, tooLong, notKept),
            terminal => Write(terminal, plan, path, result)
        );
    }

    private static async Task<QuarantineExportResult> WriteFileAsync(
        QuarantineExport export,
        QuarantineExportPlan plan,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // Never replaces a file: it can contain corrections.
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            return await export.WriteAsync(plan, file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                File.Exists(path) ? $"The file {path} exists already." : $"Could not write {path}.",
                "Give a file with --out that does not exist, in a writable folder.",
                cause: exception
            );
        }
    }

    private static void Write(Terminal terminal, QuarantineExportPlan plan, string path, QuarantineExportResult result)
    {
        terminal.Out.WriteLine($"Wrote {Tables.Count(result.Written, "row")} of {plan.Dataset} to {path}");
        if (result.TooLong > 0)
        {
            terminal.Out.WriteLine(
                $"warning: left out {Tables.Count(result.TooLong, "row")} over the size limit; only the start is stored."
            );
        }

        if (result.NotKept > 0)
        {
            terminal.Out.WriteLine(
                $"warning: {Tables.Count(result.NotKept, "rejected row")} not stored; correct the source file instead."
            );
        }

        terminal.Out.WriteLine(
            $"Correct the file, then type: etl quarantine replay --run {plan.Run} --dataset {plan.Dataset} --from {path}"
        );
    }
}
