using System.Text.Json.Serialization;
using Etl.Domain.Quality;

namespace Etl.Application.Runs;

/// <summary>The result of a data test.</summary>
/// <param name="Name">The test's name, that of its <c>.sql</c> file.</param>
/// <param name="Severity">Whether a violation fails the run.</param>
/// <param name="Violations">Number of rows that violate the test.</param>
/// <param name="Meaning">Describes a violating row, in the plural; one line.</param>
public sealed record DataTestResult(string Name, Severity Severity, long Violations, string Meaning)
{
    /// <summary>Tables that the test reads, for lineage; neither the ledger nor the JSON documents have them.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Inputs { get; init; } = [];
}
