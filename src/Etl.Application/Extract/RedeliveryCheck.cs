using System.Security.Cryptography;
using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>
/// Compares the files of a published day with those that are in the source now. Versions are compared first; only a file with
/// another version is read and hashed. The same bytes are no redelivery, whatever their name, and neither is a file that is no
/// longer there.
/// </summary>
internal sealed class RedeliveryCheck(
    DatasetCatalog datasets,
    ISourceStore source,
    SnapshotFinder snapshots,
    IRunHistory history,
    IOptions<RunOptions> options
)
{
    public RedeliveryPolicy Policy => options.Value.OnRedelivery;

    /// <summary>What to do about files that a start does not run.</summary>
    public string NextOf(Run run) =>
        Policy == RedeliveryPolicy.Rerun
            ? $"Another start runs them or has run them, and each delivery is run once. Run them again: {Command(run)}"
            : $"Run them: {Command(run)}";

    /// <summary>What a start would do about files.</summary>
    public string PlanOf(Run run) =>
        Policy == RedeliveryPolicy.Rerun
            ? "A start runs them, unless it has run this delivery before (Etl:Run:OnRedelivery is Rerun)."
            : $"Run them: {Command(run)}";

    /// <param name="run">The published run of the day.</param>
    /// <param name="asOf">The requested as-of date; null if none was requested.</param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    public async Task<RedeliveryResult> CompareAsync(Run run, DateOnly? asOf, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunWarning> warnings = asOf is { } day && day != run.AsOf ? [OtherAsOf(run, day)] : [];
        if (Policy == RedeliveryPolicy.Ignore)
        {
            return new RedeliveryResult(null, null, warnings);
        }

        try
        {
            var (found, incomplete) = await FindAsync(run, cancellationToken);
            return new RedeliveryResult(found, incomplete, warnings);
        }
        catch (EtlException exception) when (exception.Error.Code.ExitCode() == ErrorCode.SourceMissing.ExitCode())
        {
            var message = $"The source was not compared with run {run.RunId}: {exception.Error.Message}";
            return new RedeliveryResult(null, null, [.. warnings, new(RunWarningKind.Redelivery, message)]);
        }
    }

    private async Task<(Redelivery? Found, EtlError? Incomplete)> FindAsync(
        Run run,
        CancellationToken cancellationToken
    )
    {
        var published = await history.FindAsync(run.Id, cancellationToken);
        var current = await snapshots.FindCurrentAsync(run.Id.BusinessDate, cancellationToken);
        var days = datasets
            .Delivered.Select(d => new DeliveredAgain(d, published?.SnapshotOf(d.Name) ?? [], current[d.Name]))
            .ToList();
        if (!days.Exists(d => d.HasOtherVersion))
        {
            return (null, null);
        }

        var (delivery, incomplete) = await DeliveryAsync(run, cancellationToken);
        var hashed = new List<DeliveredAgain>();
        foreach (var day in days)
        {
            var now = delivery is null ? day : day with { Current = delivery.Files[day.Dataset.Name] };
            hashed.Add(await now.HashAsync(source, cancellationToken));
            incomplete ??= hashed[^1].Contradiction;
        }

        var changed = hashed.SelectMany(d => d.Changed()).ToList();
        return changed.Count == 0
            ? (null, null)
            : (new Redelivery(run.Id, Fingerprint(hashed.SelectMany(d => d.Identify())), changed), incomplete);
    }

    /// <summary>The files with what their sender states, or why they are not complete.</summary>
    private async Task<(ExtractResult? Files, EtlError? Incomplete)> DeliveryAsync(
        Run run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await snapshots.FindAsync(run.Id.BusinessDate, cancellationToken), null);
        }
        catch (EtlException exception)
            when (exception.Error.Code is ErrorCode.SourceMissing or ErrorCode.SourceEmpty or ErrorCode.SourceIncomplete
            )
        {
            return (null, exception.Error);
        }
    }

    private static string Command(Run run) =>
        RerunCommand.Of(
            new BusinessDate(run.BusinessDate).ToString(),
            new BusinessDate(run.AsOf).ToString(),
            force: true
        );

    private static string Fingerprint(IEnumerable<string> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files))));

    private static RunWarning OtherAsOf(Run run, DateOnly asOf)
    {
        var (date, requested) = (new BusinessDate(run.BusinessDate).ToString(), new BusinessDate(asOf).ToString());
        return new RunWarning(
            RunWarningKind.Redelivery,
            $"Run {run.RunId} is as of {new BusinessDate(run.AsOf)}, not {requested}. Run the day again with the requested date: "
                + RerunCommand.Of(date, requested, force: true)
        );
    }
}

/// <summary>The result of a comparison.</summary>
/// <param name="Redelivery">The files that differ; null if there are none, or if the source cannot be read.</param>
/// <param name="Incomplete">Why the new files are not complete yet; null if they are, as far as it is known.</param>
/// <param name="Warnings">The requested date that differs, or why the source was not compared.</param>
internal sealed record RedeliveryResult(
    Redelivery? Redelivery,
    EtlError? Incomplete,
    IReadOnlyList<RunWarning> Warnings
)
{
    /// <summary>That of a start which does not look at the files.</summary>
    public static RedeliveryResult None { get; } = new(null, null, []);

    /// <summary>The redelivery if its files are complete, as far as it is known.</summary>
    public Redelivery? Complete => Incomplete is null ? Redelivery : null;

    /// <summary>All warnings, for a start that does not run the files.</summary>
    /// <param name="next">What to do about complete files.</param>
    public IReadOnlyList<RunWarning> WarningsWith(string next) =>
        Redelivery is null
            ? Warnings
            :
            [
                .. Warnings,
                new(
                    RunWarningKind.Redelivery,
                    $"{Redelivery} {(Incomplete is null ? next : $"The new files are not complete: {Incomplete.Message}")}"
                ),
            ];
}
