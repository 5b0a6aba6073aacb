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
        Description =
            "The file to create; further ones, with a number, for parts in another format. It must not exist.",
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
        var files = new List<ExportedRejectsDocument>();
        foreach (var (number, file) in plan.Files.Index())
        {
            var to = PathOf(path, number);
            var (written, tooLong, notKept) = await WriteFileAsync(export, plan, file, to, cancellationToken);
            files.Add(new ExportedRejectsDocument(to, file.Parts, written, tooLong, notKept));
        }

        return VerbResult.Of(
            new QuarantineExportDocument(
                run.ToString(),
                dataset.Name,
                path,
                files.Sum(f => f.Written),
                files.Sum(f => f.TooLong),
                files.Sum(f => f.NotKept),
                files
            ),
            terminal => Write(terminal, plan, files)
        );
    }

    /// <summary>The path of the first file is the given one; those of the others have a number before their ending.</summary>
    private static string PathOf(string path, int number) =>
        number == 0 ? path : $"{Path.ChangeExtension(path, null)}-{number + 1}{Path.GetExtension(path)}";

    private static async Task<QuarantineExportResult> WriteFileAsync(
        QuarantineExport export,
        QuarantineExportPlan plan,
        QuarantineExportFile rows,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // Never replaces a file: it can contain corrections.
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            return await export.WriteAsync(plan, rows, file, cancellationToken);
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

    private static void Write(Terminal terminal, QuarantineExportPlan plan, List<ExportedRejectsDocument> files)
    {
        foreach (var file in files)
        {
            var from = files.Count == 1 ? "" : $", of {string.Join(", ", file.Parts)}";
            var wrote = $"Wrote {Tables.Count(file.Written, "row")} of {plan.Dataset} to ";
            terminal.Out.WriteLine($"{wrote}{Place.Show(terminal, file.Path, wrote.Length)}{from}");
            if (file.TooLong > 0)
            {
                terminal.Out.WriteLine(
                    $"warning: left out {Tables.Count(file.TooLong, "row")} over the size limit; only the start is stored."
                );
            }

            if (file.NotKept > 0)
            {
                terminal.Out.WriteLine(
                    $"warning: {Tables.Count(file.NotKept, "rejected row")} not stored; correct the source file instead."
                );
            }
        }

        var corrected = string.Join(" ", files.Select(f => $"--dataset {plan.Dataset} --from {f.Path}"));
        terminal.Out.WriteLine(
            $"Correct the {(files.Count == 1 ? "file" : "files")}, then type: etl quarantine replay --run {plan.Run} {corrected}"
        );
    }
}
