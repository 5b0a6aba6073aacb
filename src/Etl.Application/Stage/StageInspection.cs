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
        var gate = new ArrivalGate();
        var warnings = new List<RunWarning>();
        foreach (var file in files)
        {
            FileInspection.RequireReconciled(file);
            DeliveryCheck.Apply(gate, file);
        }

        var together = StagedParts.Of(files);
        foreach (var parts in together)
        {
            warnings.AddRange(FileInspection.WarningsOf(parts));
            CheckRows(gate, parts);
        }

        await CompareAsync(gate, run, together, cancellationToken);

        // A file that is cut off in a row has a rejected row, too.
        gate.ThrowIfClosed();
        foreach (var ofTable in files.GroupBy(f => f.Dataset))
        {
            inspection.RequireLimit([.. ofTable]);
        }

        return [.. warnings, .. gate.Warnings];
    }

    private void CheckRows(ArrivalGate gate, StagedParts files)
    {
        // The rows that a replay copied passed the gate when they arrived, and those of a model in its inputs.
        if (files is { Bytes: > 0, RowCounts.Read: 0, Role: not (FileRole.Base or FileRole.Model) })
        {
            var policy = files.Role == FileRole.Corrected ? ArrivalPolicy.Fail : quality.Value.OnHeaderOnly;
            gate.Apply(policy, files.Dataset, ArrivalErrors.HeaderOnly(files));
        }
    }

    private async Task CompareAsync(
        ArrivalGate gate,
        RunId run,
        IReadOnlyList<StagedParts> files,
        CancellationToken cancellationToken
    )
    {
        var own = files.Where(f => f is { Bytes: > 0, RowCounts.Read: > 0, Role: FileRole.Source }).ToList();
        if (own.Count > 0 && await history.FindAsync(run, cancellationToken) is { } found)
        {
            await comparison.ApplyAsync(gate, found.Run, own, cancellationToken);
        }
    }
}
