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

    /// <summary>Columns that have the values of another column, as the settings declare: places in <see cref="Dataset.Columns"/>.</summary>
    public IReadOnlyList<(int From, int To)> Copies { get; init; } = [];

    /// <summary>The most columns of a header.</summary>
    public const int MaxColumns = 4096;

    /// <summary>The header of a file without one, as the settings declare it.</summary>
    public static FileHeader Declared(Dataset dataset, SourceFile file, byte delimiter) =>
        Of(dataset, file, [.. dataset.Format.Header], []) with
        {
            Delimiter = delimiter,
        };

    /// <exception cref="EtlException">A column is missing or named twice, or the line is no header at all.</exception>
    public static FileHeader Read(Dataset dataset, SourceFile file, RecordSplitter record, ReadOnlySpan<byte> bytes)
    {
        var content = bytes[..record.ContentLength];
        if (record.FieldCount > MaxColumns)
        {
            throw Fault(dataset, file, $"has {record.FieldCount} columns", content);
        }

        var isStated = dataset.Format.Delimiter is null && record.Delimiter != Dialect.Comma;
        byte[] raw = [.. isStated ? Dialect.SeparatorLine(record.Delimiter) : [], .. content];
        return Of(dataset, file, NamesOf(content, record), content) with { Raw = raw, Delimiter = record.Delimiter };
    }

    private static FileHeader Of(Dataset dataset, SourceFile file, List<string> names, ReadOnlySpan<byte> content)
    {
        var found = dataset
            .Columns.Select(c => (c.Name, Places: IsConstant(dataset, c) ? [] : dataset.Find(c, names)))
            .ToList();
        // A column that may not be NULL reads the field, so that a NULL is rejected.
        var shared = Enumerable
            .Range(0, found.Count)
            .Where(i => found[i].Places.Count == 1)
            .OrderBy(i => dataset.Columns[i].Nullable)
            .GroupBy(i => found[i].Places[0])
            .Where(g => g.Count() > 1)
            .ToList();
        var missing = dataset
            .Columns.Where((c, i) => found[i].Places.Count == 0 && !c.IsOptional && !IsConstant(dataset, c))
            .ToList();
        List<string> errors =
        [
            .. missing.Count == 0
                ? []
                : (string[])[$"lacks {string.Join(", ", missing.Select(c => Expected(dataset, c)))}"],
            .. found.Where(f => f.Places.Count > 1).Select(f => $"names {f.Name} {f.Places.Count} times"),
            .. shared
                .Where(g => !CanShare(dataset, g))
                .Select(g => $"has one column for {string.Join(" and ", g.Select(i => dataset.Columns[i].Name))}"),
        ];
        if (errors.Count > 0)
        {
            errors.AddRange(Utf8.IsValid(content) ? [] : ["is not UTF-8"]);
            var unused = names.Where((_, i) => found.TrueForAll(f => !f.Places.Contains(i)));
            var mapping = NearestSetting.Of(dataset, missing, [.. unused]);
            throw Fault(dataset, file, string.Join(" and ", errors), content, mapping);
        }

        var copies = shared.SelectMany(g => g.Skip(1).Select(to => (g.First(), to))).ToList();
        var columns = names
            .Select(
                (_, i) =>
                    found.FindIndex(f => f.Places.Contains(i)) is var first && first < 0
                        ? -1
                        : shared.Find(g => g.Key == i)?.First() ?? first
            )
            .ToList();
        var ignored = names.Where((n, i) => columns[i] < 0 && n.Length > 0).Select(n => Excerpt.Of(n));
        return new FileHeader(file, columns, names, [.. ignored], ReadOnlyMemory<byte>.Empty) { Copies = copies };
    }

    /// <summary>Whether columns may have one field: the settings say so, and they hold the same.</summary>
    private static bool CanShare(Dataset dataset, IEnumerable<int> places)
    {
        var columns = places.Select(i => dataset.Columns[i]).ToList();
        return columns.TrueForAll(c => c.Type == columns[0].Type)
            && columns.Count(c => !dataset.Format.ColumnNames.ContainsKey(c.Name)) <= 1;
    }

    /// <summary>A column, with the names that the settings give it.</summary>
    private static string Expected(Dataset dataset, Column column) =>
        dataset.Format.ColumnNames.GetValueOrDefault(column.Name) is { } names
            ? $"{column.Name} (declared as {string.Join(" or ", names.Select(n => $"'{n}'"))})"
            : column.Name;

    private static bool IsConstant(Dataset dataset, Column column) => dataset.Format.Constants.ContainsKey(column.Name);

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
    /// <param name="dataset">The dataset.</param>
    /// <param name="file">The file.</param>
    /// <param name="what">What is wrong, as the end of a sentence.</param>
    /// <param name="found">The bytes of the header.</param>
    /// <param name="mapping">Settings that would map the missing columns, or null.</param>
    public static EtlException Fault(
        Dataset dataset,
        SourceFile file,
        string what,
        ReadOnlySpan<byte> found,
        string? mapping = null
    )
    {
        var (separator, name) = OtherSeparator(found, Dialect.DelimiterOf(dataset.Format));
        return new EtlException(
            ErrorCode.SourceHeader,
            $"The header of {file.FileName} {what}{(separator is null ? "" : $" (it looks separated by {name})")}. "
                + $"Found: {Excerpt.Of(found, 160)}. "
                + $"Expected, in any order: {string.Join(",", dataset.Columns.Select(c => c.Name))}.",
            separator is not null
                    ? $"Set Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}:Delimiter to '{separator}' and run again."
                        + " Nothing was changed."
                : mapping is not null
                    ? $"{mapping} Set what applies, or correct the header; then run again. Nothing was changed."
                : "Correct the header or request the file again; then run again. Nothing was changed."
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

    private static (string? Separator, string Name) OtherSeparator(ReadOnlySpan<byte> header, byte delimiter) =>
        header.Contains(delimiter) ? default
        : header.Contains((byte)';') ? (";", "semicolons")
        : header.Contains((byte)'\t') ? ("\\t", "tabs")
        : header.Contains((byte)'|') ? ("|", "bars")
        : header.Contains(Dialect.Comma) ? (",", "commas")
        : default;
}
