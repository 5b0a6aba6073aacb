using System.Runtime.CompilerServices;
using System.Text.Unicode;
using CsvHelper;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// Reads the optional files beside the sources. They are small and written by people: any error in them stops the run.
/// </summary>
internal sealed class DimensionReader(ISourceStore source)
{
    /// <summary>Largest file, bytes. A larger dimension should be a dataset.</summary>
    internal const long MaxBytes = 64L << 20;

    private const string NextStep = "Correct the file or remove it, and run again; nothing was published.";

    private static readonly CsvReaderOptions Dialect = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = 1 << 16,
        TrackLineNumbers = true,
    };

    /// <summary>The file's records, in order, with the wanted columns.</summary>
    /// <exception cref="EtlException">Too large, a wrong header, or a record that is no CSV.</exception>
    public async IAsyncEnumerable<DimensionRow> ReadAsync(
        SourceFile file,
        IReadOnlyList<DimensionColumn> columns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (file.Bytes > MaxBytes)
        {
            throw Unreadable(file, $"has {file.Bytes} bytes, more than the {MaxBytes} that are allowed");
        }

        await using var stream = await source.OpenAsync(file, cancellationToken);
        await using var csv = CsvReader.Create(stream, Dialect, leaveOpen: true);
        string[] header = await GuardAsync(file, () => ReadHeaderAsync(csv, cancellationToken));
        var places = columns.Select(c => (Column: c, Place: PlaceOf(file, header, c))).ToList();
        while (await GuardAsync(file, () => csv.ReadAsync(cancellationToken).AsTask()))
        {
            yield return ReadRow(file, csv, header.Length, places);
        }

        await source.VerifyUnchangedAsync(file, cancellationToken);
    }

    private static DimensionRow ReadRow(
        SourceFile file,
        CsvReader csv,
        int width,
        List<(DimensionColumn Column, int Place)> places
    )
    {
        if (csv.FieldCount != width)
        {
            throw Unreadable(file, $"has {csv.FieldCount} fields in line {csv.LineNumber}, and {width} in its header");
        }

        if (!Utf8.IsValid(csv.RawRecord))
        {
            throw Unreadable(file, $"is not UTF-8 in line {csv.LineNumber}");
        }

        return new DimensionRow(file, csv.LineNumber, places.ToDictionary(p => p.Column, p => csv.GetString(p.Place)));
    }

    private static async Task<string[]> ReadHeaderAsync(CsvReader csv, CancellationToken cancellationToken)
    {
        await csv.ReadHeaderAsync(cancellationToken);
        return [.. csv.Headers];
    }

    private static async Task<T> GuardAsync<T>(SourceFile file, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (CsvFormatException exception)
        {
            throw Unreadable(file, $"is no CSV at line {exception.LineNumber}", exception);
        }
    }

    private static int PlaceOf(SourceFile file, string[] header, DimensionColumn column)
    {
        var places = column.FindIn(header);
        return places.Count switch
        {
            1 => places[0],
            0 => throw Header(file, $"column {column.Name} is missing"),
            _ => throw Header(file, $"column {column.Name} appears {places.Count} times"),
        };
    }

    private static EtlException Header(SourceFile file, string what) =>
        new(
            ErrorCode.SourceHeader,
            $"The header of {file.FileName} is wrong: {what} in line 1. The file is {file.Uri}.",
            NextStep
        );

    private static EtlException Unreadable(SourceFile file, string what, Exception? cause = null) =>
        new(ErrorCode.SourceUnreadable, $"{file.FileName} {what}. The file is {file.Uri}.", NextStep, cause: cause);
}
