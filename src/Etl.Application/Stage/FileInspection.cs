using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Quality;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Judges one file by itself: its books and its rejects. It needs no ledger, so that a check can use it too.</summary>
internal sealed class FileInspection(IOptions<QualityOptions> quality)
{
    /// <exception cref="EtlException">The books do not balance, or there are more rejects than the limit allows.</exception>
    public void Require(StagedFile file)
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

        if (OverLimit(file) is { } error)
        {
            throw new EtlException(error);
        }
    }

    /// <summary>What would stop a run, and what a run would remark.</summary>
    public (EtlError? Error, IReadOnlyList<string> Warnings) Look(StagedFile file)
    {
        var gate = new ArrivalGate();
        if (file.Books.Read == 0)
        {
            gate.Judge(quality.Value.OnHeaderOnly, Findings.HeaderOnly(file.Dataset, file.File!));
        }

        var error = OverLimit(file) ?? (gate.Faults.Count > 0 ? gate.Faults[0] : null);
        return (error, [.. Remarks(file), .. gate.Warnings]);
    }

    public static IEnumerable<string> Remarks(StagedFile file)
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

    private EtlError? OverLimit(StagedFile file)
    {
        var limit = new RejectLimit(quality.Value.MaxRejectedPercent, quality.Value.MaxRejectedRows);
        if (!limit.IsExceededBy(file.Books))
        {
            return null;
        }

        var reasons = file.FirstRejects.Take(3).Select(r => $"line {r.Line}: {r.Message}");
        return new EtlError(
            ErrorCode.RejectLimit,
            $"{file.Books.Quarantined} of {file.Books.Read} rows of {file.File?.FileName} were rejected"
                + $" ({file.Books.RejectedPercent:0.##} %), more than the limit. {string.Join("; ", reasons)}.",
            "Nothing was published. Mend the file, or raise Etl:Quality:MaxRejectedPercent, and run again."
        );
    }
}
