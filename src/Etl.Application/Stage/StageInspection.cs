using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Judges loaded files before anything is computed from them: books, reject limit, arrival gate.</summary>
internal sealed class StageInspection(IRunLedger ledger, IOptions<QualityOptions> quality)
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
            RequireBalance(file);
            RequireRejectsWithinLimit(file);
            warnings.AddRange(Remarks(file));
            JudgeArrival(gate, run, file, before);
        }

        gate.ThrowIfClosed();
        return [.. warnings, .. gate.Warnings];
    }

    private static void RequireBalance(StagedFile file)
    {
        if (!file.Books.Balance)
        {
            var (read, loaded, quarantined) = file.Books;
            throw new EtlException(
                ErrorCode.BooksOutOfBalance,
                $"The books of {file.Dataset} do not balance: {read} read, {loaded} loaded, {quarantined} quarantined.",
                "Nothing was published. Run again; if it comes back, report it with the run's id."
            );
        }
    }

    private void RequireRejectsWithinLimit(StagedFile file)
    {
        var limit = new RejectLimit(quality.Value.MaxRejectedPercent, quality.Value.MaxRejectedRows);
        if (limit.IsExceededBy(file.Books))
        {
            var reasons = file.FirstRejects.Take(3).Select(r => $"line {r.Line}: {r.Message}");
            throw new EtlException(
                ErrorCode.RejectLimit,
                $"{file.Books.Quarantined} of {file.Books.Read} rows of {file.File?.FileName} were rejected"
                    + $" ({file.Books.RejectedPercent:0.##} %), more than the limit. {string.Join("; ", reasons)}.",
                "Nothing was published. Mend the file, or raise Etl:Quality:MaxRejectedPercent, and run again."
            );
        }
    }

    private static IEnumerable<string> Remarks(StagedFile file)
    {
        if (file.IgnoredColumns.Count > 0)
        {
            yield return $"{file.File?.FileName}: ignored columns {string.Join(", ", file.IgnoredColumns)}.";
        }

        if (file.Books.Quarantined > 0)
        {
            var codes = file.RejectsByCode.Where(c => c.Value > 0).Select(c => $"{c.Key.Text()} {c.Value}");
            yield return $"{file.File?.FileName}: {file.Books.Quarantined} of {file.Books.Read} rows are in quarantine"
                + $" ({string.Join(", ", codes)}).";
        }
    }

    private void JudgeArrival(ArrivalGate gate, RunId run, StagedFile staged, RunHistory? before)
    {
        if (staged.File is not { Bytes: > 0 } file)
        {
            return;
        }

        if (staged.Books.Read == 0)
        {
            gate.Judge(quality.Value.OnHeaderOnly, Findings.HeaderOnly(staged.Dataset, file));
            return;
        }

        if (before?.Files.FirstOrDefault(f => f.Dataset == staged.Dataset) is not { } last)
        {
            return;
        }

        // A forced run of the same day is meant to meet the same bytes again.
        if (before.Run.BusinessDate < run.BusinessDate.Value && last.Sha256 == staged.Sha256)
        {
            var since = new BusinessDate(before.Run.BusinessDate).ToString();
            gate.Judge(quality.Value.OnUnchanged, Findings.Unchanged(staged.Dataset, file, since));
        }
        else if (Math.Abs(staged.Books.Read - last.Read) * 100m > last.Read * quality.Value.UnusualVolumePercent)
        {
            gate.Judge(
                quality.Value.OnUnusualVolume,
                Findings.UnusualVolume(staged.Dataset, file, staged.Books.Read, last.Read)
            );
        }
    }
}
