using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
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
