using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Judges loaded files before anything is computed from them: books, reject limit, arrival gate.</summary>
internal sealed class StageInspection(IRunLedger ledger, FileInspection inspection, IOptions<QualityOptions> quality)
{
    public async Task<IReadOnlyList<string>> InspectAsync(
        RunId run,
        IReadOnlyList<StagedFile> files,
        CancellationToken cancellationToken
    )
    {
        var before = await ledger.PreviousAsync(run, cancellationToken);
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
        if (staged.File is not { Bytes: > 0 } file || staged.Part == FilePart.Base)
        {
            return;
        }

        if (staged.Books.Read == 0)
        {
            var policy = staged.Part == FilePart.Mended ? ArrivalPolicy.Fail : quality.Value.OnHeaderOnly;
            gate.Judge(policy, Findings.HeaderOnly(staged.Dataset, file));
            return;
        }

        if (staged.Part == FilePart.Mended || before?.SnapshotOf(staged.Dataset) is not { } last)
        {
            return;
        }

        // A table that was allowed to be empty says nothing about what is usual.
        var usual = before.BooksOf(staged.Dataset)?.Read ?? 0;

        // A forced run of the same day is meant to meet the same bytes again.
        if (before.Run.BusinessDate < run.BusinessDate.Value && last.Sha256 == staged.Sha256)
        {
            var since = new BusinessDate(before.Run.BusinessDate).ToString();
            gate.Judge(quality.Value.OnUnchanged, Findings.Unchanged(staged.Dataset, file, since));
        }
        else if (usual > 0 && Math.Abs(staged.Books.Read - usual) * 100m > usual * quality.Value.UnusualVolumePercent)
        {
            gate.Judge(
                quality.Value.OnUnusualVolume,
                Findings.UnusualVolume(staged.Dataset, file, staged.Books.Read, usual)
            );
        }
    }
}
