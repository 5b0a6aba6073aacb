using Etl.Application.Ports;
using Etl.Domain.Rows;
using MediatR;

namespace Etl.Application.Stage;

internal sealed class StageHandler(
    IStagingLoader loader,
    IRunLedger ledger,
    IRunObserver observer,
    StageInspection inspection
) : IRequestHandler<StageCommand, StageResult>
{
    public async Task<StageResult> Handle(StageCommand request, CancellationToken cancellationToken)
    {
        await loader.PrepareAsync(request.Run, cancellationToken);
        var files = await LoadAllAsync(request, cancellationToken);
        await ledger.RecordFilesAsync(request.Run, files, cancellationToken);
        var warnings = await inspection.InspectAsync(request.Run, files, cancellationToken);
        await loader.CompleteAsync(request.Run, cancellationToken);
        return new StageResult(files, warnings);
    }

    /// <summary>The three at once; when one fails the others are stopped, and the first fault is the one told.</summary>
    private async Task<StagedFile[]> LoadAllAsync(StageCommand request, CancellationToken cancellationToken)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        var loads = Dataset.All.Select(LoadAsync).ToList();
        try
        {
            return await Task.WhenAll(loads);
        }
        catch (Exception) when (first is not null && !cancellationToken.IsCancellationRequested)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
            throw;
        }

        async Task<StagedFile> LoadAsync(Dataset dataset)
        {
            try
            {
                var file = request.Files[dataset.Name];
                return await Task.Run(
                    () => loader.LoadAsync(request.Run, dataset, file, observer, all.Token),
                    all.Token
                );
            }
            catch (Exception fault)
            {
                Interlocked.CompareExchange(ref first, fault, null);
                await all.CancelAsync();
                throw;
            }
        }
    }
}
