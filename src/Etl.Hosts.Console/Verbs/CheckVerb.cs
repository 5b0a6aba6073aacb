using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl check</c>: reads and validates the source files as a run does, without a database.</summary>
internal sealed class CheckVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "check",
        "Reads and validates the source files without a database; prints row counts and the first rejected rows.",
        [CommonOptions.Source, CommonOptions.SourceDate, Suggest],
        "etl check --source ./sample",
        "etl check --source ./export --suggest"
    )
{
    private static readonly Option<SuggestForm?> Suggest = new("--suggest")
    {
        Description = "Print the settings that would read the files, as JSON or as environment variables (env).",
        HelpName = "json|env",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
    };

    protected override IReadOnlyList<RequiredSetting> Required => [RequiredSetting.Source];

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.None;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var date = context.BusinessDate(context.Value(CommonOptions.SourceDate));
        if (context.Parsed.GetResult(Suggest) is { Implicit: false })
        {
            return await SuggestAsync(context, date, cancellationToken);
        }

        var summary = await context.Get<SourceCheck>().CheckAsync(date, cancellationToken);
        var document = new CheckDocument(
            date.ToString(),
            [.. summary.Files.Select(CheckedFileDocument.Of)],
            [.. summary.Warnings.Select(w => w.Message)],
            context.Get<HealthCheckRunner>().Beyond(CheckDepth.Files)
        )
        {
            Failure = summary.Error,
        };
        return VerbResult.Of(document, terminal => Write(terminal, summary, document.NotExamined));
    }

    /// <summary>The settings are proven: the files are checked with them, in a host of their own.</summary>
    private async Task<VerbResult> SuggestAsync(
        VerbContext context,
        BusinessDate date,
        CancellationToken cancellationToken
    )
    {
        var suggestions = await context.Get<SourceSuggestion>().SuggestAsync(date, cancellationToken);
        var (check, obstacle) = await TryAsync(context, date, suggestions, cancellationToken);
        suggestions = [.. suggestions.Select(s => s.WithKeyQuestion(check))];
        var document = new SuggestDocument(
            date.ToString(),
            [.. suggestions.Select(SuggestionDocument.Of)],
            [.. (check?.Files ?? []).Select(CheckedFileDocument.Of)],
            ErrorDocument.Of(obstacle)
        );
        var asEnvironment = context.Value(Suggest) == SuggestForm.Env;
        return VerbResult.Of(
            document,
            terminal => SuggestText.Write(terminal, suggestions, check, obstacle, asEnvironment)
        );
    }

    private async Task<(CheckSummary? Check, EtlError? Obstacle)> TryAsync(
        VerbContext context,
        BusinessDate date,
        IReadOnlyList<FormatSuggestion> suggestions,
        CancellationToken cancellationToken
    )
    {
        var settings = suggestions
            .SelectMany(s => s.Settings)
            .DistinctBy(s => s.Path)
            .ToDictionary(s => s.Path, s => (string?)s.Value);
        try
        {
            var builder = new EtlHost(
                context.Parsed,
                Terminal,
                context.Progress,
                new VerbSettings(Overrides: settings)
            );
            builder.CheckSettings();
            using var host = builder.Build();
            var check = await host.Services.GetRequiredService<SourceCheck>().CheckAsync(date, cancellationToken);
            return (check, check.Error);
        }
        catch (EtlException exception)
        {
            return (null, exception.Error);
        }
    }

    private static void Write(Terminal terminal, CheckSummary summary, IReadOnlyList<string> notExamined)
    {
        CheckText.WriteFiles(terminal, summary.Files);
        Tables.WriteWarnings(terminal, summary.Warnings);
        HealthText.WriteNotExamined(terminal, notExamined, "see `etl plan` and `etl doctor`");
    }

    /// <summary>How settings are printed.</summary>
    private enum SuggestForm
    {
        Json,
        Env,
    }
}
