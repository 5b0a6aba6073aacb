using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Judges one file by itself: its rowCounts and its rejects. It needs no ledger, so that a check can use it too.</summary>
internal sealed class FileInspection(IOptions<QualityOptions> quality)
{
    /// <summary>How a remark on rejected rows is told from others.</summary>
    public const string InQuarantine = "rows are in quarantine";

    /// <exception cref="EtlException">Not every row is in the table or in quarantine.</exception>
    public static void RequireBalance(StagedFile file)
    {
        if (!file.RowCounts.IsReconciled)
        {
            var (read, loaded, rejected) = file.RowCounts;
            throw OutOfBalance(file.Dataset, $"{read} read, {loaded} loaded, {rejected} rejected");
        }
    }

    /// <param name="accepted">As the rows were read.</param>
    /// <param name="stored">As the database adds them up.</param>
    /// <exception cref="EtlException">A value was changed on its way.</exception>
    public static void RequireSums(IReadOnlyList<ColumnSum> accepted, IReadOnlyList<ColumnSum> stored)
    {
        foreach (var read in accepted)
        {
            var held = stored.Single(s => (s.Dataset, s.Column) == (read.Dataset, read.Column));
            if (held.Total != read.Total)
            {
                throw OutOfBalance(
                    read.Dataset,
                    $"{read.Column.Name} adds up to {read} as read and to {held} in the table"
                );
            }
        }
    }

    /// <param name="parts">The files of one table: a snapshot, or those of a replay.</param>
    /// <exception cref="EtlException">There are more rejects than the limit allows.</exception>
    public void RequireLimit(IReadOnlyList<StagedFile> parts)
    {
        if (OverLimit(parts) is { } error)
        {
            throw new EtlException(error);
        }
    }

    /// <summary>What would stop a run, and what a run would remark.</summary>
    public (EtlError? Error, IReadOnlyList<string> Warnings) Look(StagedFile file)
    {
        var gate = new ArrivalGate();
        if (file.RowCounts.Read == 0)
        {
            gate.Apply(quality.Value.OnHeaderOnly, ArrivalErrors.HeaderOnly(file.Dataset, file.File!));
        }

        var error = OverLimit([file]) ?? (gate.Errors.Count > 0 ? gate.Errors[0] : null);
        return (error, [.. Remarks(file), .. gate.Warnings]);
    }

    public static IEnumerable<string> Remarks(StagedFile file)
    {
        if (file.IgnoredColumns.Count > 0)
        {
            yield return $"{file.File?.FileName}: ignored columns {string.Join(", ", file.IgnoredColumns)}.";
        }

        if (file.RowCounts.Rejected > 0)
        {
            var codes = file.RejectsByCode.Where(c => c.Value > 0).Select(c => $"{c.Key.Text()} {c.Value}");
            yield return $"{file.File?.FileName}: {file.RowCounts.Rejected} of {file.RowCounts.Read} {InQuarantine}"
                + $" ({string.Join(", ", codes)}).";
        }
    }

    private static EtlException OutOfBalance(string dataset, string how) =>
        new(
            ErrorCode.RowCountMismatch,
            $"The rowCounts of {dataset} do not balance: {how}.",
            "Nothing was published. Run again; if it comes back, report it with the run's id."
        );

    private EtlError? OverLimit(IReadOnlyList<StagedFile> parts)
    {
        var limit = new RejectLimit(quality.Value.MaxRejectedPercent, quality.Value.MaxRejectedRows);
        var rowCounts = parts.Aggregate(default(RowCounts), (sum, f) => sum + f.RowCounts);
        if (!limit.IsExceededBy(rowCounts))
        {
            return null;
        }

        var reasons = parts.SelectMany(f => f.FirstRejects).Take(3).Select(r => $"line {r.Line}: {r.Message}");
        return new EtlError(
            ErrorCode.RejectLimit,
            $"{rowCounts.Rejected} of {rowCounts.Read} rows of {parts[^1].File?.FileName} were rejected"
                + $" ({rowCounts.RejectedPercent:0.##} %), more than the limit. {string.Join("; ", reasons)}.",
            "Nothing was published. Mend the file, or raise Etl:Quality:MaxRejectedPercent, and run again."
        );
    }
}
