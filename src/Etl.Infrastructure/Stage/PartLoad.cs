using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Etl.Infrastructure.Stage.Csv;
using Etl.Infrastructure.Stage.Quarantine;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// A loader of shared parts: claims one after another and loads each in a transaction of its own, with the mark that it is loaded.
/// Its rows may repeat keys, within the part too: they are compared once all parts are loaded.
/// </summary>
internal sealed class PartLoad(
    NpgsqlDataSource database,
    IDistribution distribution,
    ISourceStore source,
    QualityOptions quality,
    PartClaims claims,
    TimeSpan lease,
    TimeProvider clock
)
{
    private readonly SnapshotReader reader = new(source, ParserSettings.Of(quality));

    /// <summary>Claims a part and loads it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its dataset; null for any.</param>
    /// <param name="except">Parts that this loader does not want.</param>
    /// <param name="datasets">Finds the dataset of a part, or refuses it.</param>
    /// <param name="progress">Receives the progress of the part; may be null.</param>
    /// <param name="cancellationToken">Stops the load; the part is left to others.</param>
    /// <returns>What became of the part; null where no part is free.</returns>
    public async Task<PartOutcome?> NextAsync(
        RunId run,
        string? dataset,
        IEnumerable<string> except,
        Func<ClaimedPart, Dataset> datasets,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ClaimedPart? part = null;
        try
        {
            await using var session = await PartSession.OpenAsync(database, distribution, run, cancellationToken);
            part = await claims.ClaimAsync(run, dataset, except, session, cancellationToken);
            return part is null ? null : await LoadAsync(session, part, datasets(part), progress, cancellationToken);
        }
        catch (Exception exception)
        {
            await ReleaseAsync(part);
            cancellationToken.ThrowIfCancellationRequested();
            return new PartOutcome(part, null, exception);
        }
    }

    /// <summary>Loads a part while its claim is renewed.</summary>
    private async Task<PartOutcome> LoadAsync(
        PartSession session,
        ClaimedPart part,
        Dataset dataset,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var keeper = new LeaseKeeper(
            stop => claims.RenewAsync(part, stop),
            lease,
            clock,
            cancellationToken
        );
        try
        {
            return new PartOutcome(part, await CopyAsync(session, part, dataset, progress, keeper.Token));
        }
        catch (Exception) when (keeper.Lost)
        {
            return new PartOutcome(part, null);
        }
    }

    private async Task<StagedFile?> CopyAsync(
        PartSession session,
        ClaimedPart part,
        Dataset dataset,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var quarantine = new QuarantineWriter(database, part.Run, dataset, quality.MaxKeptRejects);
        await quarantine.ForgetAsync(part.File, cancellationToken);
        await session.BeginRowsAsync(cancellationToken);
        await using var stop = new CopyStop(session.RowsDatabase, session.Rows, cancellationToken);
        var copy = new PartCopy([session.Rows], distribution, part.Run, dataset, reader, quarantine);
        var before = session.CountsRows ? await copy.CountAsync(cancellationToken) : 0;
        var keys = new KeyLookup(dataset.With(dataset.Columns, []), budgetBytes: 0);
        var (result, sums) = await copy.CopyAsync(
            part.File,
            keys,
            isAlone: true,
            StagingTables.Append(part.Run, dataset),
            progress,
            cancellationToken
        );
        var rows = session.CountsRows ? await copy.CountAsync(cancellationToken) - before : result.Validator.Accepted;
        await session.BeginMarkAsync(lease, cancellationToken);
        var rejects = result.Validator.Rejects.ByCode();
        var rejected = await quarantine.CompleteAsync(session.Ledger, [(part.File.Path, rejects)], cancellationToken);
        var counts = new RowCounts(
            result.Validator.Read,
            rows,
            rejected.GetValueOrDefault(part.File.Path),
            result.Validator.Skipped
        );
        var staged = result.Stage(dataset, part.File, counts) with { Sums = sums };
        if (!await claims.MarkAsync(session.Ledger, part, PartResult.Of(staged), cancellationToken))
        {
            return null;
        }

        await session.CommitAsync(part, cancellationToken);
        return staged;
    }

    private async Task ReleaseAsync(ClaimedPart? part)
    {
        try
        {
            await (part is null ? Task.CompletedTask : claims.ReleaseAsync(part, CancellationToken.None));
        }
        catch (NpgsqlException)
        {
            // The lease ends by itself.
        }
    }
}

/// <summary>What became of a claimed part.</summary>
/// <param name="Part">The part; null where none could be claimed.</param>
/// <param name="File">Its result; null where it was not loaded.</param>
/// <param name="Error">Why it was not; null where another loader has taken it over.</param>
internal sealed record PartOutcome(ClaimedPart? Part, StagedFile? File, Exception? Error = null)
{
    /// <summary>Whether the same part may be loaded at the next try.</summary>
    public bool IsTransient => Error is EtlException { Error.Retryable: true } or NpgsqlException { IsTransient: true };
}
