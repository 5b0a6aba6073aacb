using Etl.Application.Errors;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Operations;

/// <summary>
/// Writes the rejected rows of a run as a file that can be corrected and replayed: the header of the file that they stood in,
/// and below it each row's bytes as they were, so that nothing is lost that a person might know how to read.
/// </summary>
public sealed class QuarantineExport
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly IQuarantine quarantine;

    internal QuarantineExport(IQuarantine quarantine) => this.quarantine = quarantine;

    /// <summary>What there is to be written; asked before a file is made.</summary>
    /// <exception cref="EtlException">The run has no rejected row of the dataset, or its header is not known.</exception>
    public async Task<QuarantineExportPlan> PlanAsync(RunId run, Dataset dataset, CancellationToken cancellationToken)
    {
        var counts = await quarantine.CountAsync(run, cancellationToken);
        var rejected = counts.Where(c => c.Dataset == dataset.Name).Sum(c => c.Rows);
        if (rejected == 0)
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"Run {run} has rejected no row of {dataset}.",
                "See `etl quarantine list` for the rows that there are."
            );
        }

        var header =
            await quarantine.FindHeaderAsync(run, dataset.Name, cancellationToken)
            ?? throw new EtlException(
                ErrorCode.Usage,
                $"Run {run} ended before it had recorded its files, so the order of the columns is not known.",
                "Mend the source file itself; `etl quarantine list` shows the rows."
            );
        return new QuarantineExportPlan(run, dataset, header, rejected);
    }

    /// <summary>Writes the header and the rows, each ended by a line feed.</summary>
    public async Task<QuarantineExportResult> WriteAsync(
        QuarantineExportPlan plan,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        await WriteLineAsync(destination, plan.Header, cancellationToken);
        var (written, partial) = (0L, 0L);
        await foreach (var kept in quarantine.ReadAsync(plan.Run, plan.Dataset.Name, null, cancellationToken))
        {
            // Of a row over the size bound only the beginning is kept: corrected it would be made up.
            if (kept.Row.Code == RejectCode.RecordTooLong)
            {
                partial++;
                continue;
            }

            await WriteLineAsync(destination, kept.Row.Raw, cancellationToken);
            written++;
        }

        return new QuarantineExportResult(written, partial, plan.Rejected - written - partial);
    }

    private static async Task WriteLineAsync(Stream to, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await to.WriteAsync(line, cancellationToken);
        await to.WriteAsync(LineEnd, cancellationToken);
    }
}

/// <summary>The rows that an export is about.</summary>
/// <param name="Run">The run.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Header">The file's header, as its bytes stood there.</param>
/// <param name="Rejected">How many rows were rejected, kept or not.</param>
public sealed record QuarantineExportPlan(RunId Run, Dataset Dataset, ReadOnlyMemory<byte> Header, long Rejected);

/// <summary>What was written.</summary>
/// <param name="Written">Rows in the file.</param>
/// <param name="TooLong">Rows left out, as they are over the size bound and only their beginning is kept.</param>
/// <param name="NotKept">Rows left out, as the quarantine had its fill and only counted them.</param>
public sealed record QuarantineExportResult(long Written, long TooLong, long NotKept);
