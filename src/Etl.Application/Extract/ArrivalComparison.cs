using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>
/// Compares files with those of the previous business date, so that a backfill of an older day compares with the day before it:
/// fewer rows, the same bytes, or an unusual number of rows.
/// </summary>
internal sealed class ArrivalComparison(Func<IRunHistory> history, IOptions<QualityOptions> quality)
{
    private readonly QualityOptions settings = quality.Value;

    /// <param name="gate">Receives the problems.</param>
    /// <param name="run">The run that reads the files.</param>
    /// <param name="files">The files of its datasets that have rows and that it has read itself.</param>
    /// <param name="cancellationToken">Stops the read of the ledger.</param>
    public async Task ApplyAsync(
        ArrivalGate gate,
        Run run,
        IEnumerable<StagedParts> files,
        CancellationToken cancellationToken
    )
    {
        if (await history().PreviousDateAsync(run.Id.BusinessDate, cancellationToken) is not { } previous)
        {
            return;
        }

        var shrunk = new List<(string Dataset, string Text)>();
        foreach (var file in files)
        {
            // A file that was allowed to be empty gives no usual number of rows.
            if (
                previous.SnapshotOf(file.Dataset) is { Count: > 0 } last
                && previous.RowCountsOf(file.Dataset)?.Rows is { } before
            )
            {
                Apply(gate, run, file, new Baseline(new BusinessDate(previous.Run.BusinessDate), last, before), shrunk);
            }
        }

        if (shrunk.Count > 0)
        {
            var accept = $"{RerunCommand.Of(run)} --accept-shrunk {string.Join(',', shrunk.Select(s => s.Dataset))}";
            var error = ArrivalErrors.Shrunk(string.Join(" ", shrunk.Select(s => s.Text)), accept);
            gate.Apply(ArrivalPolicy.Fail, shrunk[0].Dataset, error);
        }
    }

    private void Apply(
        ArrivalGate gate,
        Run run,
        StagedParts file,
        Baseline last,
        List<(string Dataset, string Text)> shrunk
    )
    {
        if (
            file.RowCounts.Rows < last.Rows
            && file.Parts.Any(p => p.Stated.Count == 0)
            && Shrinkage(run, file, last) is { } shrinkage
        )
        {
            if (shrinkage.Policy == ArrivalPolicy.Fail)
            {
                shrunk.Add((file.Dataset, shrinkage.Text));
            }
            else
            {
                gate.Warn(file.Dataset, shrinkage.Text);
            }
        }
        else if (file.Hashes.SequenceEqual(StagedParts.HashesOf(last.Parts)))
        {
            gate.Apply(settings.OnUnchanged, file.Dataset, ArrivalErrors.Unchanged(file, last.Date));
        }
        else if (
            last.Rows > 0
            && Math.Abs(file.RowCounts.Rows - last.Rows) * 100m > last.Rows * settings.UnusualVolumePercent
        )
        {
            gate.Apply(settings.OnUnusualVolume, file.Dataset, ArrivalErrors.UnusualVolume(file, last.Rows));
        }
    }

    /// <summary>What to do about missing rows; null if they are allowed and not reported.</summary>
    private (ArrivalPolicy Policy, string Text)? Shrinkage(Run run, StagedParts file, Baseline last)
    {
        var cut = file.Parts.Any(p => p.EndsWithLineEnd == false) && last.Parts.All(p => p.EndsWithLineEnd == true);
        var text = ArrivalErrors.ShrunkText(file, last.Rows, last.Date, cut);
        if (run.AcceptedShrunk.Contains(file.Dataset))
        {
            return (ArrivalPolicy.Warn, $"{text} Accepted by --accept-shrunk.");
        }

        if (cut)
        {
            return (ArrivalPolicy.Fail, text);
        }

        var policy = settings.OnShrunkOf.GetValueOrDefault(file.Dataset, settings.OnShrunk);
        var percent = settings.ShrunkPercentOf.GetValueOrDefault(file.Dataset, settings.ShrunkPercent);
        var few = (last.Rows - file.RowCounts.Rows) * 100m < last.Rows * percent;
        return policy == ArrivalPolicy.Allow ? null
            : few ? (ArrivalPolicy.Warn, text)
            : (policy, text);
    }

    /// <summary>The files of a dataset on the previous business date.</summary>
    /// <param name="Date">The date.</param>
    /// <param name="Parts">The parts of the snapshot.</param>
    /// <param name="Rows">Rows of the dataset, corrected rows of a replay included.</param>
    private sealed record Baseline(BusinessDate Date, IReadOnlyList<FileRecord> Parts, long Rows);
}
