using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

/// <summary>Compares a file with that of the previous run: the same bytes, or an unusual number of rows.</summary>
internal sealed class ArrivalComparison(IOptions<QualityOptions> quality)
{
    /// <param name="gate">Receives the problems.</param>
    /// <param name="date">The business date of the file.</param>
    /// <param name="staged">A file with rows.</param>
    /// <param name="previous">The last published run; null before the first.</param>
    public void Apply(ArrivalGate gate, BusinessDate date, StagedFile staged, RunHistory? previous)
    {
        if (staged.Uri.Length == 0 || previous?.SnapshotOf(staged.Dataset) is not { } last)
        {
            return;
        }

        // A file that was allowed to be empty gives no usual number of rows.
        var usual = previous.RowCountsOf(staged.Dataset)?.Read ?? 0;

        // A forced run of the same day reads the same bytes on purpose.
        if (previous.Run.BusinessDate < date.Value && last.Sha256 == staged.Sha256)
        {
            var since = new BusinessDate(previous.Run.BusinessDate);
            gate.Apply(quality.Value.OnUnchanged, staged.Dataset, ArrivalErrors.Unchanged(staged, since));
        }
        else if (usual > 0 && Math.Abs(staged.Read - usual) * 100m > usual * quality.Value.UnusualVolumePercent)
        {
            gate.Apply(quality.Value.OnUnusualVolume, staged.Dataset, ArrivalErrors.UnusualVolume(staged, usual));
        }
    }
}
