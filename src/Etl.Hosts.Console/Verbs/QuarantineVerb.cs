using System.CommandLine;
using Etl.Domain;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl quarantine</c>: the rejected rows of a run, looked at, taken out to be corrected, and brought back.</summary>
internal static class QuarantineVerb
{
    public static Command Create(Terminal terminal) =>
        new Verb(
            "quarantine",
            "The rejected rows of a run: list them, export them to be corrected, replay the corrected ones."
        )
        {
            QuarantineListVerb.Create(terminal),
            QuarantineExportVerb.Create(terminal),
            QuarantineReplayVerb.Create(terminal),
        };

    /// <summary>A dataset's name, or several.</summary>
    public static Option<T> Dataset<T>(string description)
    {
        var option = new Option<T>("--dataset") { Description = description, HelpName = "NAME" };
        option.AcceptOnlyFromAmong([.. DatasetCatalog.BuiltIn.All.Select(d => d.Name)]);
        return option;
    }
}
