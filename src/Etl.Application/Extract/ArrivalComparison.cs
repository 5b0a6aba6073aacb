using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>The arrival gate's findings that need the run before: the same bytes, and an unusual number of rows.</summary>
internal sealed class ArrivalComparison(IOptions<QualityOptions> quality)
{
    /// <param name="gate">Gets the findings.</param>
    /// <param name="date">The business date that the file arrived for.</param>
    /// <param name="staged">A file with rows.</param>
    /// <param name="before">The last run that was published; null before the first.</param>
    public void Apply(ArrivalGate gate, BusinessDate date, StagedFile staged, RunHistory? before)
    {
        if (staged.File is not { } file || before?.SnapshotOf(staged.Dataset) is not { } last)
        {
            return;
        }

        // A table that was allowed to be empty says nothing about what is usual.
        var usual = before.RowCountsOf(staged.Dataset)?.Read ?? 0;

        // A forced run of the same day is meant to meet the same bytes again.
        if (before.Run.BusinessDate < date.Value && last.Sha256 == staged.Sha256)
        {
            var since = new BusinessDate(before.Run.BusinessDate).ToString();
            gate.Apply(quality.Value.OnUnchanged, ArrivalErrors.Unchanged(staged.Dataset, file, since));
        }
        else if (
            usual > 0
            && Math.Abs(staged.RowCounts.Read - usual) * 100m > usual * quality.Value.UnusualVolumePercent
        )
        {
            gate.Apply(
                quality.Value.OnUnusualVolume,
                ArrivalErrors.UnusualVolume(staged.Dataset, file, staged.RowCounts.Read, usual)
            );
        }
    }
}
