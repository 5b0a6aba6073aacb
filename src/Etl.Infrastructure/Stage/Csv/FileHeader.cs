using System.Text;
using System.Text.Unicode;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>The first line of a file: where each column is, and which columns are ignored.</summary>
/// <param name="File">The file.</param>
/// <param name="Columns">For each field of a record its place in <see cref="Dataset.Columns"/>, or -1.</param>
/// <param name="Names">The fields' names, for messages.</param>
/// <param name="Ignored">Names of columns that the dataset does not have.</param>
/// <param name="Raw">The bytes of the line, with a line that states the delimiter: rejected rows are exported under them.</param>
internal sealed record FileHeader(
    SourceFile File,
    IReadOnlyList<int> Columns,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Ignored,
    ReadOnlyMemory<byte> Raw
)
{
    /// <summary>The byte between two fields.</summary>
    public byte Delimiter { get; init; } = Dialect.Comma;

    /// <summary>The most columns of a header.</summary>
    public const int MaxColumns = 4096;

    /// <exception cref="EtlException">A column is missing or named twice, or the line is no header at all.</exception>
    public static FileHeader Read(Dataset dataset, SourceFile file, RecordSplitter record, ReadOnlySpan<byte> bytes)
    {
        var content = bytes[..record.ContentLength];
        if (record.FieldCount > MaxColumns)
        {
            throw Fault(dataset, file, $"has {record.FieldCount} columns", content);
        }

        var names = NamesOf(content, record);
        var found = dataset.Columns.Select(c => (c.Name, Places: dataset.Find(c, names))).ToList();
        List<string> errors =
        [
            .. MissingColumns([.. found.Where(f => f.Places.Count == 0).Select(f => f.Name)]),
            .. found.Where(f => f.Places.Count > 1).Select(f => $"names {f.Name} {f.Places.Count} times"),
        ];
        if (errors.Count > 0)
        {
            errors.AddRange(Utf8.IsValid(content) ? [] : ["is not UTF-8"]);
            throw Fault(dataset, file, string.Join(" and ", errors), content);
        }

        var columns = names.Select((_, i) => found.FindIndex(f => f.Places[0] == i)).ToList();
        var ignored = names.Where((n, i) => columns[i] < 0 && n.Length > 0).Select(n => Excerpt.Of(n));
        var isStated = dataset.Format.Delimiter is null && record.Delimiter != Dialect.Comma;
        byte[] raw = [.. isStated ? Dialect.SeparatorLine(record.Delimiter) : [], .. content];
        return new FileHeader(file, columns, names, [.. ignored], raw) { Delimiter = record.Delimiter };
    }

    /// <summary>Whether a record with as many fields is this header again, as where files were joined.</summary>
    /// <exception cref="EtlException">It has the same names in another order: the rows below it are other columns.</exception>
    public bool IsRepeated(ReadOnlySpan<byte> content, RecordSplitter record)
    {
        if (!Names.Contains(Encoding.UTF8.GetString(record[0].ValueIn(content))))
        {
            return false;
        }

        var names = NamesOf(content, record);
        if (names.SequenceEqual(Names))
        {
            return true;
        }

        return !names.Order(StringComparer.Ordinal).SequenceEqual(Names.Order(StringComparer.Ordinal))
            ? false
            : throw new EtlException(
                ErrorCode.SourceHeader,
                $"{File.FileName} contains a second header with another order of columns: {Excerpt.Of(content, 160)}.",
                "Deliver files of different columns one by one; then run again, nothing was changed."
            );
    }

    /// <summary>The header of a file whose rows, and not the header, end with a comma.</summary>
    public FileHeader WithEmptyColumn() => this with { Columns = [.. Columns, -1], Names = [.. Names, ""] };

    /// <summary>A header that is not as it must be; the message shows what was found and what is expected.</summary>
    public static EtlException Fault(Dataset dataset, SourceFile file, string what, ReadOnlySpan<byte> found)
    {
        var (separator, name) = OtherSeparator(found, (byte)(dataset.Format.Delimiter ?? (char)Dialect.Comma));
        return new EtlException(
            ErrorCode.SourceHeader,
            $"The header of {file.FileName} {what}{(separator is null ? "" : $" (it looks separated by {name})")}. "
                + $"Found: {Excerpt.Of(found, 160)}. "
                + $"Expected, in any order: {string.Join(",", dataset.Columns.Select(c => c.Name))}.",
            separator is null
                ? "Correct the header or request the file again; then run again. Nothing was changed."
                : $"Set Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}:Delimiter to '{separator}' and run again."
                    + " Nothing was changed."
        );
    }

    private static List<string> NamesOf(ReadOnlySpan<byte> content, RecordSplitter record)
    {
        var names = new List<string>();
        for (var i = 0; i < record.FieldCount; i++)
        {
            names.Add(Encoding.UTF8.GetString(record[i].ValueIn(content)));
        }

        return names;
    }

    private static IEnumerable<string> MissingColumns(List<string> names) =>
        names.Count == 0 ? [] : [$"lacks {string.Join(", ", names)}"];

    private static (string? Separator, string Name) OtherSeparator(ReadOnlySpan<byte> header, byte delimiter) =>
        header.Contains(delimiter) ? default
        : header.Contains((byte)';') ? (";", "semicolons")
        : header.Contains((byte)'\t') ? ("\\t", "tabs")
        : header.Contains((byte)'|') ? ("|", "bars")
        : header.Contains(Dialect.Comma) ? (",", "commas")
        : default;
}
