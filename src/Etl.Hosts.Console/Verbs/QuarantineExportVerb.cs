using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine export</c>: rejected rows as a file to mend.</summary>
internal static class QuarantineExportVerb
{
    private static readonly Option<RunId?> Run = Required(CommonOptions.Run("The run."));

    private static readonly Option<string> Dataset = Required(QuarantineVerb.Dataset<string>("The dataset."));

    private static readonly Option<string> Out = Required(
        new Option<string>("--out") { Description = "The file to write; it must not be there yet.", HelpName = "FILE" }
    );

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "export",
            "Writes the rejected rows of a run, under their file's header and as their bytes stood there, to be corrected.",
            "etl quarantine export --run 20250630-001 --dataset orders --out orders.corrected.csv"
        )
        {
            Run,
            Dataset,
            Out,
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
        var export = host.Services.GetRequiredService<QuarantineExport>();
        var (run, dataset) = (parsed.GetRequiredValue(Run)!.Value, parsed.GetRequiredValue(Dataset));
        var path = Path.GetFullPath(parsed.GetRequiredValue(Out));
        var plan = await export.PlanAsync(
            run,
            host.Services.GetRequiredService<DatasetCatalog>().Named(dataset),
            cancellationToken
        );
        var result = await WriteAsync(export, plan, path, cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var (written, tooLong, notKept) = result;
            var document = new QuarantineExportDocument(
                "succeeded",
                0,
                run.ToString(),
                dataset,
                path,
                written,
                tooLong,
                notKept,
                Error: null
            );
            JsonOutput.Write(terminal, document, OutputJson.Default.QuarantineExportDocument);
        }
        else
        {
            Write(terminal, plan, path, result);
        }

        return 0;
    }

    private static async Task<QuarantineExportResult> WriteAsync(
        QuarantineExport export,
        QuarantineExportPlan plan,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // Never over a file that is there: it may hold an hour's mending.
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            return await export.WriteAsync(plan, file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Usage,
                File.Exists(path) ? $"There is a file {path} already." : $"{path} cannot be written.",
                "Give a file with --out that is not there yet, in a folder that can be written.",
                cause: exception
            );
        }
    }

    private static void Write(Terminal terminal, QuarantineExportPlan plan, string path, QuarantineExportResult result)
    {
        terminal.Out.WriteLine($"{Tables.Count(result.Written)} rows of {plan.Dataset} are in {path}");
        if (result.TooLong > 0)
        {
            terminal.Out.WriteLine(
                $"warning: {Tables.Count(result.TooLong)} rows over the size bound are left out; only their beginning is kept."
            );
        }

        if (result.NotKept > 0)
        {
            terminal.Out.WriteLine(
                $"warning: {Tables.Count(result.NotKept)} rows were counted and not kept; mend the source file instead."
            );
        }

        terminal.Out.WriteLine(
            $"Mend them, then: etl quarantine replay --run {plan.Run} --dataset {plan.Dataset} --from {path}"
        );
    }

    private static Option<T> Required<T>(Option<T> option)
    {
        option.Required = true;
        return option;
    }
}
