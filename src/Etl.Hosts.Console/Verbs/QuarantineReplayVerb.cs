using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Infrastructure.Aws;

namespace Etl.Hosts.Console.Verbs;

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
        var file = CorrectedFiles(parsed).Values.First()[0];
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

    private static Dictionary<string, IReadOnlyList<string>> CorrectedFiles(ParseResult parsed)
    {
        var (datasets, files) = (parsed.GetRequiredValue(Datasets), parsed.GetRequiredValue(Files));
        if (datasets.Length != files.Length)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"--dataset is given {datasets.Length} times and --from {files.Length} times.",
                "Give the dataset before each --from."
            );
        }

        return datasets
            .Zip(files)
            .GroupBy(p => p.First, p => LocationOf(p.Second))
            .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g]);
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
