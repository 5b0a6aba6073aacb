using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>
/// Writes the rejected rows of a run as files that can be corrected and replayed: the header of their file, then each row with its
/// original bytes. Rows of parts with the same header and format are one file.
/// </summary>
public sealed class QuarantineExport
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly IQuarantine quarantine;

    /// <summary>An export of what a quarantine holds.</summary>
    public QuarantineExport(IQuarantine quarantine) => this.quarantine = quarantine;

    /// <summary>The rows to write; called before a file is created.</summary>
    /// <exception cref="EtlException">
    /// The run has no rejected row of the dataset, or its header is unknown, or a model gives its rows.
    /// </exception>
    public async Task<QuarantineExportPlan> PlanAsync(RunId run, Dataset dataset, CancellationToken cancellationToken)
    {
        if (dataset.Model is not null)
        {
            throw RunErrors.OfModel(dataset, run);
        }

        var counts = await quarantine.CountAsync(run, cancellationToken);
        var rejected = counts.Where(c => c.Dataset == dataset.Name).Sum(c => c.Rows);
        if (rejected == 0)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"Run {run} has no rejected row of {dataset}.",
                "See `etl quarantine list` for the rejected rows."
            );
        }

        var parts = await quarantine.ListPartsAsync(run, dataset.Name, cancellationToken);
        return parts.Count == 0
            ? throw new EtlException(
                ErrorCode.Usage,
                $"Run {run} ended before it recorded its files, so the order of the columns is unknown.",
                "Correct the source file itself; `etl quarantine list` shows the rows."
            )
            : new QuarantineExportPlan(
                run,
                dataset,
                [
                    .. parts
                        .GroupBy(p => (p.Format, Convert.ToBase64String(p.Header.Span)))
                        .Select(g => new QuarantineExportFile(
                            g.First().Header,
                            [.. g.Select(p => p.Part)],
                            g.Sum(p => p.Rejected)
                        )),
                ]
            );
    }

    /// <summary>Writes the header and the rows of one file, each ended by a line feed.</summary>
    public async Task<QuarantineExportResult> WriteAsync(
        QuarantineExportPlan plan,
        QuarantineExportFile file,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        if (!file.Header.IsEmpty)
        {
            await WriteLineAsync(destination, file.Header, cancellationToken);
        }

        var (written, partial) = (0L, 0L);
        var filter = new QuarantineFilter(plan.Dataset.Name, Parts: file.Parts);
        await foreach (var stored in quarantine.ReadAsync(plan.Run, filter, cancellationToken))
        {
            // Only the start of a row over the size limit is stored, so it cannot be corrected.
            if (stored.Row.Code == RejectCode.RecordTooLong)
            {
                partial++;
                continue;
            }

            await WriteLineAsync(destination, stored.Row.Raw, cancellationToken);
            written++;
        }

        return new QuarantineExportResult(written, partial, file.Rejected - written - partial);
    }

    private static async Task WriteLineAsync(Stream to, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await to.WriteAsync(line, cancellationToken);
        await to.WriteAsync(LineEnd, cancellationToken);
    }
}

/// <summary>The rows to export.</summary>
/// <param name="Run">The run.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Files">The files to write: one, unless parts differ in their header or format.</param>
public sealed record QuarantineExportPlan(RunId Run, Dataset Dataset, IReadOnlyList<QuarantineExportFile> Files);

/// <summary>A file to write.</summary>
/// <param name="Header">Its header, as its bytes are in the delivered files; empty for files without one.</param>
/// <param name="Parts">The parts whose rows it gets.</param>
/// <param name="Rejected">Number of their rejected rows, stored or not.</param>
public sealed record QuarantineExportFile(ReadOnlyMemory<byte> Header, IReadOnlyList<string> Parts, long Rejected);

/// <summary>The result of the export of a file.</summary>
/// <param name="Written">Rows in the file.</param>
/// <param name="TooLong">Rows left out because only their start is stored: they are over the size limit.</param>
/// <param name="NotKept">Rows left out because the quarantine was full and only counted them.</param>
public sealed record QuarantineExportResult(long Written, long TooLong, long NotKept);
