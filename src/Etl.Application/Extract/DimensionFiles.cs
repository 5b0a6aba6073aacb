using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>The optional files beside the sources, each null where it is not there.</summary>
/// <param name="Products"><c>dim_products.csv</c>.</param>
/// <param name="Dates"><c>dim_dates.csv</c>.</param>
/// <param name="OfRun">The run whose products and calendar a replay takes over in place of files; null for any other.</param>
public sealed record DimensionFiles(SourceFile? Products, SourceFile? Dates, RunId? OfRun = null);
