using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
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

    /// <param name="files">The files of one table: the parts of a snapshot, and those of a replay.</param>
    /// <exception cref="EtlException">There are more rejects than the limit allows.</exception>
    public void RequireLimit(IReadOnlyList<StagedFile> files)
    {
        if (OverLimit(files) is { } error)
        {
            throw new EtlException(error);
        }
    }

    /// <summary>The error that would stop a run, and the warnings of a run, for the files of a dataset of a check.</summary>
    public (EtlError? Error, IReadOnlyList<RunWarning> Warnings) Inspect(StagedParts files)
    {
        var gate = new ArrivalGate();
        files.Parts.ToList().ForEach(f => DeliveryCheck.Apply(gate, f));
        if (gate.Errors.Count == 0 && OverLimit(files.Parts) is { } limit)
        {
            gate.Apply(ArrivalPolicy.Fail, files.Dataset, limit);
        }

        if (files.RowCounts.Rows == 0)
        {
            gate.Apply(quality.Value.OnHeaderOnly, files.Dataset, ArrivalErrors.HeaderOnly(files));
        }

        var error = gate.Errors.Count > 0 ? gate.Errors[0] : null;
        return (error, [.. WarningsOf(files), .. gate.Warnings]);
    }

    public static IEnumerable<RunWarning> WarningsOf(StagedParts files)
    {
        var parts = files.Parts;
        var ignored = parts.SelectMany(f => f.IgnoredColumns).Distinct().ToList();
        if (ignored.Count > 0)
        {
            var noun = ignored.Count == 1 ? "column" : "columns";
            yield return Warning(RunWarningKind.IgnoredColumns, $"ignored {noun} {string.Join(", ", ignored)}.");
        }

        if (files.RowCounts.Skipped > 0)
        {
            yield return Warning(
                RunWarningKind.SkippedLines,
                $"{Counted.Of(files.RowCounts.Skipped, "line")} skipped, without a value or a repeated header."
            );
        }

        foreach (var form in parts.SelectMany(f => f.ValueForms).GroupBy(f => f.Column))
        {
            yield return Warning(
                RunWarningKind.ValueForms,
                $"{Counted.Of(form.Sum(f => f.Count), "value")} of {form.Key} in another form, such as"
                    + $" {form.First().Example}; no digit was lost."
            );
        }

        foreach (var negative in parts.SelectMany(f => f.NegativeValues).GroupBy(n => n.Sum.Column))
        {
            var sum = ColumnSum.Together(negative.Select(n => n.Sum))[0];
            yield return Warning(
                RunWarningKind.NegativeValues,
                $"{Counted.Of(negative.Sum(n => n.Count), "row")} with a negative {negative.Key.Name}, {sum} in total."
            );
        }

        if (files.RowCounts.Rejected > 0)
        {
            var codes = parts
                .SelectMany(f => f.RejectsByCode)
                .GroupBy(c => c.Key, c => c.Value)
                .Where(c => c.Sum() > 0)
                .OrderBy(c => c.Key)
                .Select(c => $"{c.Key.Text()} {c.Sum()}");
            yield return Warning(
                RunWarningKind.RejectedRows,
                $"{files.RowCounts.Rejected} of {Counted.Of(files.RowCounts.Rows, "row")} rejected"
                    + $" ({string.Join(", ", codes)})."
            );
        }

        RunWarning Warning(RunWarningKind kind, string what) => new(kind, $"{files.Name}: {what}", files.Dataset);
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

    private EtlError? OverLimit(IReadOnlyList<StagedFile> files)
    {
        var limit = new RejectLimit(quality.Value.MaxRejectedPercent, quality.Value.MaxRejectedRows);
        var rows = files.Aggregate(default(RowCounts), (sum, f) => sum + f.RowCounts);
        if (!limit.IsExceededBy(rows))
        {
            return null;
        }

        // In a replay only corrected files, which come last, have rejected rows.
        var read = StagedParts.Of(files)[^1];
        var reasons = read.Parts.SelectMany(f => f.FirstRejects.Select(r => $"{Place(read, f, r)}{r.Message}"));
        return new EtlError(
            ErrorCode.RejectLimit,
            $"{rows.Rejected} of {Counted.Of(rows.Rows, "row")} of {read.Name} were rejected"
                + $" ({rows.RejectedPercent:0.##} %), more than the limit. {string.Join("; ", reasons.Take(3))}.",
            string.Join(
                ' ',
                files
                    .SelectMany(f => f.Hints)
                    .Distinct()
                    .Append(
                        read.Role == FileRole.Model
                            ? "Correct the model or the files that it reads, or raise Etl:Quality:MaxRejectedPercent, and run again."
                        : rows.Rejected == rows.Rows ? "Correct the file or request it again, and run again."
                        : "Correct the file, or raise Etl:Quality:MaxRejectedPercent, and run again."
                    )
                    .Prepend("Nothing was published.")
            )
        )
        {
            Dataset = read.Dataset,
        };
    }

    private static string Place(StagedParts files, StagedFile part, RejectedRow row) =>
        row.Line == 0 ? ""
        : files.Parts.Count == 1 ? $"line {row.Line}: "
        : $"{part.Part} line {row.Line}: ";
}
