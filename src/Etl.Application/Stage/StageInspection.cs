using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Checks loaded files before anything is computed from them: row counts, reject limit, arrival gate.</summary>
internal sealed class StageInspection(
    IRunHistory history,
    FileInspection inspection,
    ArrivalComparison comparison,
    IOptions<QualityOptions> quality
)
{
    public async Task<IReadOnlyList<RunWarning>> InspectAsync(
        RunId run,
        IReadOnlyList<StagedFile> files,
        CancellationToken cancellationToken
    )
    {
        var previous = await history.PreviousAsync(run, cancellationToken);
        var gate = new ArrivalGate();
        var warnings = new List<RunWarning>();
        foreach (var file in files)
        {
            FileInspection.RequireReconciled(file);
            warnings.AddRange(FileInspection.WarningsOf(file));
            CheckArrival(gate, run, file, previous);
        }

        foreach (var parts in files.GroupBy(f => f.Dataset))
        {
            inspection.RequireLimit([.. parts]);
        }

        gate.ThrowIfClosed();
        return [.. warnings, .. gate.Warnings];
    }

    private void CheckArrival(ArrivalGate gate, RunId run, StagedFile file, RunHistory? previous)
    {
        // The rows that a replay copied passed the gate when they arrived.
        if (file.Bytes == 0 || file.Role == FileRole.Base)
        {
            return;
        }

        if (file.Read == 0)
        {
            var policy = file.Role == FileRole.Corrected ? ArrivalPolicy.Fail : quality.Value.OnHeaderOnly;
            gate.Apply(policy, file.Dataset, ArrivalErrors.HeaderOnly(file));
        }
        else if (file.Role != FileRole.Corrected)
        {
            comparison.Apply(gate, run.BusinessDate, file, previous);
        }
    }
}
