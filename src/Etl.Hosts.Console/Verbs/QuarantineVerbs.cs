using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Infrastructure.Aws;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine</c>: the rejected rows of a run.</summary>
internal static class QuarantineVerbs
{
    public static Verb Create(Terminal terminal) =>
        new(
            "quarantine",
            "Lists the rejected rows of a run, exports them for correction, and replays the corrected rows."
        )
        {
            new QuarantineListVerb(terminal),
            new QuarantineExportVerb(terminal),
            new QuarantineReplayVerb(terminal),
        };

    /// <summary>The name of a dataset, or several. They are known only once the host is built.</summary>
    public static Option<T> DatasetOption<T>(string description)
    {
        var option = new Option<T>("--dataset") { Description = description, HelpName = "NAME" };
        option.CompletionSources.Add([.. DatasetCatalog.BuiltIn.All.Select(d => d.Name)]);
        return option;
    }

    /// <summary>The dataset of a name.</summary>
    /// <exception cref="EtlException">There is none.</exception>
    public static Dataset DatasetOf(VerbContext context, string name)
    {
        var catalog = context.Get<DatasetCatalog>();
        return catalog.Find(name)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"Unknown dataset {SafeText.Moment(name)}.",
                $"Give one of {string.Join(", ", catalog.All.Select(d => d.Name))} with --dataset."
            );
    }
}

/// <summary><c>etl quarantine list</c>: which rows were rejected, where they are in the file, and why.</summary>
internal sealed class QuarantineListVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "list",
        "Lists the rejected rows of a run: file, line, column, code and message.",
        [Run, DatasetName, Code, Limit, CommonOptions.Connection],
        "etl quarantine list --dataset orders --code bad_date"
    )
{
    private static readonly Option<RunId?> Run = CommonOptions.Run(
        "The run. Default: the last run with rejected rows."
    );

    private static readonly Option<string> DatasetName = QuarantineVerbs.DatasetOption<string>("Only rows of this dataset.");

    private static readonly Option<string> Code = CreateCode();

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "The maximum number of rows, in file order; 0 for all that are stored.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var quarantine = context.Get<IQuarantine>();
        if (context.Value(DatasetName) is { } name)
        {
            QuarantineVerbs.DatasetOf(context, name);
        }

        var run = context.Value(Run) ?? await quarantine.FindLastAsync(cancellationToken);
        IReadOnlyList<RejectCount> counts = [];
        var rows = new List<QuarantinedRow>();
        if (run is { } id)
        {
            await RunsShowVerb.FindAsync(context, id, cancellationToken);
            var dataset = context.Value(DatasetName);
            var code = context.Value(Code) is { } text ? RejectCodes.Parse(text) : (RejectCode?)null;
            var all = await quarantine.CountAsync(id, cancellationToken);
            counts = [.. all.Where(c => c.Dataset == (dataset ?? c.Dataset) && c.Code == (code ?? c.Code))];
            var stored = quarantine.ReadAsync(id, dataset, code, cancellationToken);
            var limit = context.Value(Limit);
            await foreach (var row in limit > 0 ? stored.Take(limit) : stored)
            {
                rows.Add(row);
            }
        }

        return VerbResult.Of(
            new QuarantineDocument(
                run?.ToString(),
                [.. counts.Select(RejectCountDocument.Of)],
                [.. rows.Select(QuarantinedRowDocument.Of)]
            ),
            terminal => Write(terminal, run, counts, rows)
        );
    }

    private static void Write(
        Terminal terminal,
        RunId? run,
        IReadOnlyList<RejectCount> counts,
        List<QuarantinedRow> rows
    )
    {
        if (counts.Count == 0)
        {
            terminal.Out.WriteLine(
                run is null ? "No run has rejected rows." : $"Run {run} has no rejected rows of this kind."
            );
            return;
        }

        terminal.Out.WriteLine($"Run {run}:");
        Tables.Write(
            terminal,
            ["dataset", "code", "#rows"],
            counts.Select(c => (string[])[c.Dataset, c.Code.Text(), Tables.Count(c.Rows)])
        );
        Tables.WriteSection(
            terminal,
            ["file", "#line", "column", "code", "message"],
            rows.Select(r =>
                (string[])[r.File, Tables.Count(r.Row.Line), r.Row.Column ?? "", r.Row.Code.Text(), r.Row.Message]
            )
        );
        var total = counts.Sum(c => c.Rows);
        if (total > rows.Count)
        {
            terminal.Out.WriteLine(
                $"{Tables.Count(rows.Count)} of {Tables.Count(total, "row")}; --limit 0 lists all that are stored."
            );
        }
    }

    private static Option<string> CreateCode()
    {
        var option = new Option<string>("--code")
        {
            Description = "Only rows rejected with this code.",
            HelpName = "CODE",
        };
        option.AcceptOnlyFromAmong([.. RejectCodes.All.Select(c => c.Text())]);
        return option;
    }
}

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

    private static readonly Option<string> DatasetName = QuarantineVerbs.DatasetOption<string>("The dataset.").Required();

    private static readonly Option<string> Out = new Option<string>("--out")
    {
        Description = "The file to create. It must not exist.",
        HelpName = "FILE",
    }.Required();

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var export = context.Get<QuarantineExport>();
        var (run, dataset) = (context.Value(Run)!.Value, QuarantineVerbs.DatasetOf(context, context.Value(DatasetName)!));
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

/// <summary><c>etl quarantine replay</c>: a new run of the same business date that adds corrected rows.</summary>
internal sealed class QuarantineReplayVerb(Terminal terminal)
    : PipelineVerb(
        terminal,
        "replay",
        "Adds corrected rows to a published run. This is a new run of the same business date.",
        [Run, Datasets, Files, CommonOptions.Lake, CommonOptions.Connection],
        "etl quarantine replay --run 20250630-001 --dataset orders --from orders.corrected.csv --lake ./lake"
    )
{
    private static readonly Option<RunId?> Run = CommonOptions
        .Run("The run whose rows were corrected. It must be the published one.")
        .Required();

    private static readonly Option<string[]> Datasets = QuarantineVerbs
        .DatasetOption<string[]>("The dataset of a corrected file; once for each --from.")
        .Required();

    private static readonly Option<string[]> Files = new Option<string[]>("--from")
    {
        Description = "A corrected file, with its header.",
        HelpName = "FILE",
    }.Required();

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Lake];

    /// <summary>The source is the folder of the corrected files, in place of the snapshots' own.</summary>
    protected override VerbSettings SettingsOf(ParseResult parsed)
    {
        var file = CorrectedFiles(parsed).Values.First();
        var separator = file.Contains("://", StringComparison.Ordinal) ? '/' : Path.DirectorySeparatorChar;
        var folder = file[..(file.LastIndexOf(separator) + 1)];
        return new VerbSettings(Overrides: new Dictionary<string, string?> { [RequiredSetting.Source.Name] = folder });
    }

    protected override async Task<RunSummary> SummarizeAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var corrected = CorrectedFiles(context.Parsed);
        foreach (var dataset in corrected.Keys)
        {
            QuarantineVerbs.DatasetOf(context, dataset);
        }

        if (context.OptionsOf<Application.Options.RunOptions>().Migrate)
        {
            await context.Get<ILedgerMigrations>().MigrateAsync(cancellationToken);
        }

        var replay = new ReplayRequest(context.Value(Run)!.Value, corrected);
        var request = await context.Get<Replays>().PlanAsync(replay, cancellationToken);
        return await RunAsync(context, request, cancellationToken);
    }

    private static Dictionary<string, string> CorrectedFiles(ParseResult parsed)
    {
        var (datasets, files) = (parsed.GetRequiredValue(Datasets), parsed.GetRequiredValue(Files));
        if (datasets.Length != files.Length || datasets.Distinct().Count() != datasets.Length)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"--dataset is given {datasets.Length} times and --from {files.Length} times, or a dataset is repeated.",
                "Give each dataset once, followed by one --from."
            );
        }

        return datasets.Zip(files).ToDictionary(p => p.First, p => LocationOf(p.Second));
    }

    private static string LocationOf(string file) =>
        !Location.IsKnown(file)
            ? throw new EtlException(
                ErrorCode.Usage,
                $"A value of --from is {SafeText.Value(file)}.",
                "Give a path, a file:// URI or s3://bucket/key, without user information."
            )
        : file.Contains("://", StringComparison.Ordinal) ? file
        : Path.GetFullPath(file);
}
