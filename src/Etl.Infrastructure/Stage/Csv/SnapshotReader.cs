using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Content;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Reads a pinned file from its first byte to its last: header, rows to a sink, hash, and whether it stayed the same.
/// A load and a check use the same reader with different sinks.
/// </summary>
internal sealed class SnapshotReader(ISourceReader source, ParserSettings settings)
{
    /// <summary>Bytes between two reports of progress.</summary>
    private const long ProgressStep = 4 << 20;

    public ParserSettings Settings => settings;

    public Task<SnapshotResult> ReadAsync(
        Dataset dataset,
        SourceFile file,
        IRowSink sink,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var validator = new RowValidator(dataset, sink, NewKeys(dataset, [file]));
        return ReadAsync(dataset, file, validator, progress, cancellationToken);
    }

    /// <summary>For the keys of some files, which are read one after another.</summary>
    public KeyLookup NewKeys(Dataset dataset, IEnumerable<SourceFile> files) =>
        new(dataset, settings.KeyBudgetBytes, files.Sum(f => f.Bytes));

    /// <summary>Reads a file again, and makes sure that it is the same.</summary>
    public async Task<SnapshotResult> ReadAgainAsync(
        Dataset dataset,
        SourceFile file,
        SnapshotResult before,
        RowValidator validator,
        CancellationToken cancellationToken
    )
    {
        var again = await ReadAsync(dataset, file, validator, progress: null, cancellationToken);
        return again.Hash == before.Hash ? again : throw DeliveredStream.Changed(file, "its bytes are others now");
    }

    /// <summary>Passes each record to a validator.</summary>
    public async Task<SnapshotResult> ReadAsync(
        Dataset dataset,
        SourceFile file,
        RowValidator validator,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await source.OpenAsync(file, cancellationToken);
        await using var delivered = new DeliveredStream(stream, file);
        await using var content = await FileContent.OpenAsync(delivered, dataset.Format.Encoding, cancellationToken);
        var bytes = new SourceBytes(content, settings.ReadSize);
        var sink = validator.Sink;
        await bytes.FillAsync(cancellationToken);
        var header = await new HeaderReader(dataset, file, settings).ReadAsync(bytes, cancellationToken);
        if (header is { } found)
        {
            validator.Skip(found.Skipped);
            var parser = new RecordParser(dataset, found.Header, settings, validator, found.NextLine);
            await ParseAsync(bytes, parser, Report, cancellationToken);
        }

        var hash = await delivered.FinishHashAsync(cancellationToken);
        await source.VerifyUnchangedAsync(file, cancellationToken);
        Report();
        return new SnapshotResult(validator, delivered.BytesRead, hash, header?.Header)
        {
            EndsWithLineEnd = bytes.EndsWithLineEnd,
        };

        void Report() =>
            progress?.Report(new LoadProgress(dataset.Name, delivered.BytesRead, file.Bytes, validator.Read));

        async Task ParseAsync(SourceBytes from, RecordParser parser, Action report, CancellationToken stop)
        {
            var reported = 0L;
            while (true)
            {
                from.Take(parser.Parse(from.Unread, from.Offset, from.IsLast));
                if (sink.IsFull)
                {
                    await sink.FlushAsync(stop);
                    continue;
                }

                if (from.IsLast)
                {
                    break;
                }

                await from.FillAsync(stop);
                if (from.Offset - reported >= ProgressStep)
                {
                    reported = from.Offset;
                    report();
                }
            }

            await sink.FlushAsync(stop);
        }
    }
}

/// <summary>What was read.</summary>
/// <param name="Validator">Counts and rejects.</param>
/// <param name="BytesRead">Bytes of the file.</param>
/// <param name="Hash">Their hashes.</param>
/// <param name="Header">The header; null for a file without a byte.</param>
internal sealed record SnapshotResult(RowValidator Validator, long BytesRead, FileHash Hash, FileHeader? Header)
{
    /// <summary>Whether the last byte ends a line; null for a file without a byte.</summary>
    public bool? EndsWithLineEnd { get; init; }

    public IReadOnlyList<string> IgnoredColumns => Header?.Ignored ?? [];

    public StagedFile Stage(Dataset dataset, SourceFile file, RowCounts rowCounts)
    {
        var rejects = Validator.Rejects.ByCode();
        return new(dataset.Name, file, Hash.Sha256, rowCounts)
        {
            Md5 = Hash.Md5,
            EndsWithLineEnd = EndsWithLineEnd,
            RejectsByCode = rejects,
            FirstRejects = Validator.Rejects.First,
            IgnoredColumns = IgnoredColumns,
            Format = FileFormatJson.Write(dataset.Format),
            ValueForms = Validator.Forms.All,
            Hints = Validator.Hints.All(Validator.Accepted > 0, rejects.ContainsKey(RejectCode.DuplicateKey)),
            NegativeValues = Validator.Negatives.All,
            Header = Header?.Raw ?? default,
        };
    }
}
