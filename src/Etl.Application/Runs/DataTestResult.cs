using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Application.Runs;

/// <summary>What a data test found.</summary>
/// <param name="Name">The test's name, that of its <c>.sql</c> file.</param>
/// <param name="Severity">What offending rows do to the run.</param>
/// <param name="Violations">Number of offending rows.</param>
/// <param name="Meaning">One line: what an offending row is.</param>
public sealed record DataTestResult(string Name, Severity Severity, long Violations, string Meaning);
