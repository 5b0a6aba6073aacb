using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.UnitTests.Application;

/// <summary>Rejected rows in memory.</summary>
internal sealed class FakeQuarantine : IQuarantine
{
    public List<QuarantinedRow> Rows { get; } = [];

    public FakeQuarantine Add(string file, string dataset, long line, string? column, RejectCode code, string message)
    {
        Rows.Add(
            new QuarantinedRow(file, "v1", new RejectedRow(dataset, line, 0, column, code, message, "raw"u8.ToArray()))
        );
        return this;
    }

    public Task<RunId?> FindLastAsync(CancellationToken cancellationToken) => Task.FromResult<RunId?>(null);

    public Task<IReadOnlyList<RejectCount>> CountAsync(RunId run, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RejectCount>>([
            .. Rows.GroupBy(r => (r.Row.Dataset, r.Row.Code))
                .Select(g => new RejectCount(g.Key.Dataset, g.Key.Code, g.Count())),
        ]);

    public async IAsyncEnumerable<QuarantinedRow> ReadAsync(
        RunId run,
        QuarantineFilter filter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        foreach (var row in Rows.Where(r => r.Row.Dataset == filter.Dataset && r.Row.Code == filter.Code))
        {
            yield return row;
        }
    }

    public Task<IReadOnlyList<RejectedPart>> ListPartsAsync(
        RunId run,
        string dataset,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<RejectedPart>>([]);
}
