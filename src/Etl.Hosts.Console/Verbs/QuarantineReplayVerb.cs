using System.CommandLine;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine replay</c>: corrected rows join the published run, as a new run of the same day.</summary>
internal static class QuarantineReplayVerb
{
    public const string Name = "replay";

    private static readonly Option<RunId?> Run = Required(
        CommonOptions.Run("The run whose rows were corrected; it must be the published one.")
    );

    private static readonly Option<string[]> Datasets = Required(
        QuarantineVerb.Dataset<string[]>("The dataset of the corrected file; once for each --from.")
    );

    private static readonly Option<string[]> Files = Required(
        new Option<string[]>("--from") { Description = "A corrected file, with its header.", HelpName = "FILE" }
    );

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            Name,
            "Joins corrected rows to a published run: a new run of the same day, checked, computed and exported as any other.",
            "etl quarantine replay --run 20250630-001 --dataset orders --from orders.corrected.csv --lake ./lake"
        )
        {
            Run,
            Datasets,
            Files,
            CommonOptions.Lake,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => RunAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var corrected = Pair(parsed.GetRequiredValue(Datasets), parsed.GetRequiredValue(Files));
        using var host = EtlHost.Build(parsed, terminal);
        Hosting.Required.Settings(host, Hosting.Required.Lake);
        ReadFrom(host, corrected.Values.First());
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var services = host.Services;
        if (
            services
                .GetRequiredService<Microsoft.Extensions.Options.IOptions<Etl.Application.Options.RunOptions>>()
                .Value.Migrate
        )
        {
            await services.GetRequiredService<ILedgerMigrations>().MigrateAsync(cancellationToken);
        }

        var replay = new ReplayRequest(parsed.GetRequiredValue(Run)!.Value, corrected);
        var request = await services.GetRequiredService<Replays>().PlanAsync(replay, cancellationToken);
        var summary = await services.GetRequiredService<EtlPipeline>().RunAsync(request, cancellationToken);
        return await RunVerb.ReportAsync(host, summary, terminal, parsed.GetValue(CommonOptions.Json));
    }

    private static Dictionary<string, string> Pair(string[] datasets, string[] files)
    {
        if (datasets.Length != files.Length || datasets.Distinct().Count() != datasets.Length)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"{datasets.Length} --dataset and {files.Length} --from do not make pairs.",
                "Give each dataset once, with one --from after it."
            );
        }

        return datasets.Zip(files).ToDictionary(p => p.First, p => Located(p.Second));
    }

    private static string Located(string file) =>
        !Location.IsKnown(file)
            ? throw new EtlException(
                ErrorCode.Usage,
                $"A value of --from is {SafeText.Value(file)}.",
                "Give a path, a file:// address or s3://bucket/key, without user information."
            )
        : file.Contains("://", StringComparison.Ordinal) ? file
        : Path.GetFullPath(file);

    /// <summary>The snapshots' own source is not read: the corrected files may lie anywhere else.</summary>
    private static void ReadFrom(IHost host, string location) =>
        host.Services.GetRequiredService<IConfiguration>()["Etl:Source:Uri"] = location[
            ..(
                location.LastIndexOf(
                    location.Contains("://", StringComparison.Ordinal) ? '/' : Path.DirectorySeparatorChar
                ) + 1
            )
        ];

    private static Option<T> Required<T>(Option<T> option)
    {
        option.Required = true;
        return option;
    }
}
