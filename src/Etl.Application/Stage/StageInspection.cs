using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Judges loaded files before anything is computed from them: rowCounts, reject limit, arrival gate.</summary>
internal sealed class StageInspection(
    IRunHistory history,
    FileInspection inspection,
    ArrivalComparison comparison,
    IOptions<QualityOptions> quality
)
{
    public async Task<IReadOnlyList<string>> InspectAsync(
        RunId run,
        IReadOnlyList<StagedFile> files,
        CancellationToken cancellationToken
    )
    {
        var before = await history.PreviousAsync(run, cancellationToken);
        var gate = new ArrivalGate();
        var warnings = new List<string>();
        foreach (var file in files)
        {
            FileInspection.RequireBalance(file);
            warnings.AddRange(FileInspection.Remarks(file));
            JudgeArrival(gate, run, file, before);
        }

        foreach (var parts in files.GroupBy(f => f.Dataset))
        {
            inspection.RequireLimit([.. parts]);
        }

        gate.ThrowIfClosed();
        return [.. warnings, .. gate.Warnings];
    }

    private void JudgeArrival(ArrivalGate gate, RunId run, StagedFile staged, RunHistory? before)
    {
        // The rows that a replay takes over passed the gate when they arrived.
        if (staged.File is not { Bytes: > 0 } file || staged.Role == FileRole.Base)
        {
            return;
        }

        if (staged.RowCounts.Read == 0)
        {
            var policy = staged.Role == FileRole.Corrected ? ArrivalPolicy.Fail : quality.Value.OnHeaderOnly;
            gate.Apply(policy, ArrivalErrors.HeaderOnly(staged.Dataset, file));
            return;
        }

        if (staged.Role != FileRole.Corrected)
        {
            comparison.Apply(gate, run.BusinessDate, staged, before);
        }
    }
}
