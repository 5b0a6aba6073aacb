using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>Parts that several loaders load at the same time: for the process that leads the run, and for one that helps it.</summary>
internal sealed class SharedParts(
    DatasetCatalog datasets,
    NpgsqlDataSource database,
    IDistribution distribution,
    ISourceStore source,
    IOptions<QualityOptions> quality,
    IOptions<RunOptions> options,
    IOptions<SchemaOptions> schemas,
    LeaseOwner owner,
    TimeProvider clock
) : IPartLoader
{
    private readonly TimeSpan lease = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    private PartClaims Claims => new(database, distribution, owner, lease);

    private PartLoad Loader => new(database, distribution, source, quality.Value, Claims, lease, clock);

    /// <summary>Whether the parts of a dataset are shared.</summary>
    public bool Shares(IReadOnlyList<SourceFile> parts) => options.Value.SharesParts(parts.Count);

    /// <inheritdoc cref="IStagingLoader.LoadAsync"/>
    public Task<IReadOnlyList<StagedFile>> LoadAsync(
        RunId run,
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        new SharedLoad(
            database,
            distribution,
            source,
            quality.Value,
            options.Value,
            Claims,
            Loader,
            clock,
            run,
            dataset,
            new StoreTables(schemas.Value).Loads
        ).LoadAsync(parts, progress, cancellationToken);

    public Task<LoadedParts> HelpAsync(
        RunId? run,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            run is null ? "load parts" : $"load parts of run {run}",
            () => HelpRunAsync(run, progress, cancellationToken)
        );

    private async Task<LoadedParts> HelpRunAsync(
        RunId? named,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var (files, left, loader) = (new List<StagedFile>(), new Dictionary<string, EtlError>(), Loader);
        if (await Claims.FindRunAsync(named, cancellationToken) is not { } run)
        {
            return named is { } ended && await Claims.IsKnownAsync(ended, cancellationToken)
                ? new LoadedParts(ended, [], [])
                : throw NotInProgress(named);
        }

        await RequireDistributionAsync(cancellationToken);
        var failures = 0;
        while (true)
        {
            var next = await loader.NextAsync(run, null, left.Keys, Checked, progress, cancellationToken);
            switch (next)
            {
                case null when !await Claims.NeedLoadersAsync(run, left.Keys, cancellationToken):
                    return new LoadedParts(run, files, [.. left.Values]);
                case { File: { } file }:
                    files.Add(file);
                    continue;
                case { Error: { } error } when !next.IsTransient || failures++ == options.Value.Retries:
                    left.Add(next.Part is { } part ? PartClaims.NameOf(part) : throw error, ErrorOf(error));
                    break;
            }

            await Task.Delay(SharedLoad.Pause, clock, cancellationToken);
        }

        EtlError ErrorOf(Exception exception) =>
            exception is EtlException known ? known.Error
            : database.Explains(exception, "load a part", out var explained) ? explained
            : throw exception;
    }

    /// <summary>A loader of a cluster records its parts, and one of a plain server does not.</summary>
    private async Task RequireDistributionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await distribution.RequireAsync(connection, cancellationToken);
    }

    private Dataset Checked(ClaimedPart part)
    {
        var dataset = datasets.All.SingleOrDefault(d => d.Name == part.Dataset);
        return
            dataset is not null
            && PartClaims.SettingsOf(dataset, quality.Value.MaxRecordBytes, quality.Value.MaxKeptRejects)
                == part.Settings
            ? dataset
            : throw new EtlException(
                ErrorCode.Configuration,
                $"This process reads {part.Dataset} with other settings than run {part.Run} does.",
                "Start it with the settings of the run; it has loaded nothing of this dataset."
            );
    }

    private static EtlException NotInProgress(RunId? run) =>
        new(
            ErrorCode.Usage,
            run is null ? "No run is in progress." : $"There is no run {run}.",
            "Start `etl run` with Etl:Run:Loaders of 1 or more, then `etl load` while it stages; `etl runs` lists the runs."
        );
}
