using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>
/// Refuses parts that an earlier day has left behind, so that no day is added up with another. Only parts whose place does not
/// state the day can be such: one that was written before the last run of the previous business date started is one of that
/// day's.
/// </summary>
internal sealed class PastParts(
    DatasetCatalog datasets,
    Func<ISourceStore> source,
    Func<IRunHistory> history,
    IOptions<DeliveryOptions> delivery
)
{
    /// <param name="date">The business date.</param>
    /// <param name="files">The files of each dataset.</param>
    /// <param name="cancellationToken">Stops the read of the ledger.</param>
    /// <returns>An error for each dataset with such parts.</returns>
    public async Task<IReadOnlyList<EtlError>> FindErrorsAsync(
        BusinessDate date,
        IReadOnlyDictionary<string, IReadOnlyList<SourceFile>> files,
        CancellationToken cancellationToken
    )
    {
        var look = new DayFiles(source(), date, delivery.Value, cancellationToken);
        var undated = datasets
            .All.Where(d => files.GetValueOrDefault(d.Name) is { Count: > 1 })
            .Select(d => (Dataset: d, Files: files[d.Name].Where(f => !look.IsDated(d, f.Path)).ToList()))
            .Where(d => d.Files.Count > 0)
            .ToList();
        if (undated.Count == 0 || await history().LastStartBeforeAsync(date, cancellationToken) is not { } last)
        {
            return [];
        }

        return
        [
            .. undated
                .Select(d => (d.Dataset, Past: d.Files.Where(f => f.ModifiedAt < last.StartedAt).Select(f => f.Path)))
                .Where(d => d.Past.Any())
                .Select(d =>
                    ArrivalErrors.PastParts(d.Dataset, [.. d.Past], last, source().Describe(date)) with
                    {
                        Dataset = d.Dataset.Name,
                    }
                ),
        ];
    }
}
