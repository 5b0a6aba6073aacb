using System.Text;
using System.Text.RegularExpressions;
using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The schemas of the published tables. A run creates those that are missing; the ledger is always in schema <c>etl</c>.
/// Section <c>Etl:Postgres:Schemas</c>.
/// </summary>
public sealed class SchemaOptions
{
    /// <summary>
    /// The schema of the views that show the accepted rows of the files, as it is written in the database: upper and lower
    /// case differ. Views of an earlier name stay as they are. Default staging.
    /// </summary>
    public string Staging { get; set; } = "staging";

    /// <summary>
    /// The schema of the partitioned tables beneath the views, and of the pointer to the published load. Tables of an earlier
    /// name stay as they are. Default store.
    /// </summary>
    public string Store { get; set; } = "store";

    /// <summary>The schema of the analytics tables, as it is written in the database. Default analytics.</summary>
    public string Analytics { get; set; } = "analytics";

    /// <summary>A view of the staging schema for messages, quoted where SQL needs it.</summary>
    public string StagingTable(string table) => Identifier.Display(Staging, table);

    /// <summary>An analytics table for messages, quoted where SQL needs it.</summary>
    public string AnalyticsTable(string table) => Identifier.Display(Analytics, table);
}

internal sealed partial class SchemaOptionsValidator : OptionsValidator<SchemaOptions>
{
    private const int MaxBytes = 63; // PostgreSQL cuts a longer name

    public SchemaOptionsValidator()
    {
        RuleFor(o => o.Staging).Must(IsName).WithMessage(NoName).Must(IsFree).WithMessage(Reserved);
        RuleFor(o => o.Analytics).Must(IsName).WithMessage(NoName).Must(IsFree).WithMessage(Reserved);
        RuleFor(o => o.Store).Must(IsName).WithMessage(NoName).Must(IsFree).WithMessage(Reserved);
        RuleFor(o => o.Analytics)
            .NotEqual(o => o.Staging)
            .WithMessage("is the same schema as Etl:Postgres:Schemas:Staging; give each a schema of its own.");
        RuleFor(o => o.Store)
            .Must((options, store) => store != options.Staging && store != options.Analytics)
            .WithMessage(
                "is the same schema as Etl:Postgres:Schemas:Staging or Etl:Postgres:Schemas:Analytics; give each a schema of its own."
            );
    }

    private const string NoName = "is not a name of a schema; give 1 to 63 bytes without control characters.";

    private const string Reserved =
        "is reserved: etl is the ledger, run_<date>_<number> are the schemas of runs, pg_* and information_schema belong to "
        + "PostgreSQL. Give another name.";

    private static bool IsName(string name) =>
        !string.IsNullOrWhiteSpace(name) && Encoding.UTF8.GetByteCount(name) <= MaxBytes && !name.Any(char.IsControl);

    private static bool IsFree(string name) =>
        name is not ("etl" or "information_schema")
        && !name.StartsWith("pg_", StringComparison.Ordinal)
        && !OfRun().IsMatch(name);

    [GeneratedRegex(
        "^run_[0-9]{8}_[0-9]{3,}(_load_[0-9]+)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OfRun();
}
