using System.CommandLine;
using System.CommandLine.Completions;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Extensions;
using Microsoft.Extensions.Configuration;

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
        option.CompletionSources.Add(NamesToComplete);
        return option;
    }

    /// <summary>
    /// The datasets that a shell completes: the built-in ones and those that a folder of this machine declares. A bucket is not
    /// read, as a shell must not wait for a network.
    /// </summary>
    public static IEnumerable<CompletionItem> NamesToComplete(CompletionContext context) =>
        DatasetCatalog
            .BuiltIn.All.Select(d => d.Name)
            .Concat(OwnNames(context.ParseResult))
            .Select(name => new CompletionItem(name));

    /// <summary>Nothing is printed to a shell that completes a word, so that wrong settings declare no dataset.</summary>
    private static IReadOnlyList<string> OwnNames(ParseResult parsed)
    {
        var settings = new ConfigurationManager();
        try
        {
            CliSettings.Read(settings, parsed);
        }
        catch (EtlException)
        {
            return [];
        }

        return ExtensionSource.NamesIn(settings[NewVerbs.Setting], ExtensionSource.Datasets);
    }

    /// <summary>The dataset of a name.</summary>
    /// <exception cref="EtlException">There is none.</exception>
    public static Dataset DatasetOf(VerbContext context, string name, string option = "--dataset")
    {
        var catalog = context.Get<DatasetCatalog>();
        return catalog.Find(name)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"Unknown dataset {SafeText.TimeOrId(name)}.",
                $"Give one of {string.Join(", ", catalog.All.Select(d => d.Name))} with {option}."
            );
    }
}
