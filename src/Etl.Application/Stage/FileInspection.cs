using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Microsoft.Extensions.Options;

namespace Etl.Application.Stage;

/// <summary>Checks the row counts, sums and rejects of a file. It needs no ledger, so that a check uses it too.</summary>
internal sealed class FileInspection(IOptions<QualityOptions> quality)
{
    /// <exception cref="EtlException">The rows read are not the rows loaded plus the rows rejected.</exception>
    public static void RequireReconciled(StagedFile file)
    {
        if (!file.RowCounts.IsReconciled)
        {
            throw Mismatch(
                file.Dataset,
                $"{Counted.Of(file.RowCounts.Rows, "row")} read, {file.Loaded} loaded, {file.Rejected} rejected"
            );
        }
    }

    /// <param name="accepted">The sums of the rows as they were read.</param>
    /// <param name="stored">The sums that the database computes.</param>
    /// <exception cref="EtlException">A sum differs: a value was changed during the load.</exception>
    public static void RequireSums(IReadOnlyList<ColumnSum> accepted, IReadOnlyList<ColumnSum> stored)
    {
        foreach (var read in accepted)
        {
            var loaded = stored.SingleOrDefault(s => (s.Dataset, s.Column) == (read.Dataset, read.Column));
            if (loaded?.Total != read.Total)
            {
                throw Mismatch(
                    read.Dataset,
                    $"the sum of {read.Column.Name} is {read} as read and {loaded?.ToString() ?? "unknown"} in the table"
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

    /// <summary>The error that would stop a run, and the warnings of a run, for a file of a check.</summary>
    public (EtlError? Error, IReadOnlyList<RunWarning> Warnings) Inspect(StagedFile file)
    {
        var gate = new ArrivalGate();
        DeliveryCheck.Apply(gate, file);
        if (gate.Errors.Count == 0 && OverLimit([file]) is { } limit)
        {
            gate.Apply(ArrivalPolicy.Fail, file.Dataset, limit);
        }

        if (file.RowCounts.Rows == 0)
        {
            gate.Apply(quality.Value.OnHeaderOnly, file.Dataset, ArrivalErrors.HeaderOnly(file));
        }

        var error = gate.Errors.Count > 0 ? gate.Errors[0] : null;
        return (error, [.. WarningsOf(file), .. gate.Warnings]);
    }

    public static IEnumerable<RunWarning> WarningsOf(StagedFile file)
    {
        if (file.IgnoredColumns.Count > 0)
        {
            var noun = file.IgnoredColumns.Count == 1 ? "column" : "columns";
            yield return new RunWarning(
                RunWarningKind.IgnoredColumns,
                $"{file.FileName}: ignored {noun} {string.Join(", ", file.IgnoredColumns)}.",
                file.Dataset
            );
        }

        if (file.Skipped > 0)
        {
            yield return new RunWarning(
                RunWarningKind.SkippedLines,
                $"{file.FileName}: {Counted.Of(file.Skipped, "line")} skipped, without a value or a repeated header.",
                file.Dataset
            );
        }

        foreach (var form in file.ValueForms)
        {
            yield return new RunWarning(
                RunWarningKind.ValueForms,
                $"{file.FileName}: {Counted.Of(form.Count, "value")} of {form.Column} in another form, such as"
                    + $" {form.Example}; no digit was lost.",
                file.Dataset
            );
        }

        foreach (var negative in file.NegativeValues)
        {
            yield return new RunWarning(
                RunWarningKind.NegativeValues,
                $"{file.FileName}: {Counted.Of(negative.Count, "row")} with a negative {negative.Sum.Column.Name},"
                    + $" {negative.Sum} in total.",
                file.Dataset
            );
        }

        if (file.Rejected > 0)
        {
            var codes = file.RejectsByCode.Where(c => c.Value > 0).Select(c => $"{c.Key.Text()} {c.Value}");
            yield return new RunWarning(
                RunWarningKind.RejectedRows,
                $"{file.FileName}: {file.Rejected} of {Counted.Of(file.RowCounts.Rows, "row")} rejected"
                    + $" ({string.Join(", ", codes)}).",
                file.Dataset
            );
        }
    }

    private static EtlException Mismatch(string dataset, string counts) =>
        new(
            new EtlError(
                ErrorCode.RowCountMismatch,
                $"The row counts of {dataset} do not reconcile: {counts}.",
                "Nothing was published. Run again; if the error recurs, report it with the run's ID."
            )
            {
                Dataset = dataset,
            }
        );

    private EtlError? OverLimit(IReadOnlyList<StagedFile> parts)
    {
        var limit = new RejectLimit(quality.Value.MaxRejectedPercent, quality.Value.MaxRejectedRows);
        var rows = parts.Aggregate(default(RowCounts), (sum, f) => sum + f.RowCounts);
        if (!limit.IsExceededBy(rows))
        {
            return null;
        }

        var reasons = parts.SelectMany(f => f.FirstRejects).Take(3).Select(r => $"line {r.Line}: {r.Message}");
        return new EtlError(
            ErrorCode.RejectLimit,
            $"{rows.Rejected} of {Counted.Of(rows.Rows, "row")} of {parts[^1].FileName} were rejected"
                + $" ({rows.RejectedPercent:0.##} %), more than the limit. {string.Join("; ", reasons)}.",
            string.Join(
                ' ',
                parts
                    .SelectMany(f => f.Hints)
                    .Append(
                        rows.Rejected == rows.Rows
                            ? "Correct the file or request it again, and run again."
                            : "Correct the file, or raise Etl:Quality:MaxRejectedPercent, and run again."
                    )
                    .Prepend("Nothing was published.")
            )
        )
        {
            Dataset = parts[^1].Dataset,
        };
    }
}
