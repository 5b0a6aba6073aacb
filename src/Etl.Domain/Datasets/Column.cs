namespace Etl.Domain.Datasets;

/// <summary>A column of a source file and of its staging table.</summary>
/// <param name="Name">The name in the header and in <c>staging</c>, lower case.</param>
/// <param name="Type">What the field holds.</param>
/// <param name="Nullable">Whether an empty field is NULL (true) or a rejected row (false).</param>
/// <param name="Aliases">Other names that the header may use.</param>
public sealed record Column(string Name, FieldType Type, bool Nullable = false, params string[] Aliases)
{
    /// <summary>What the value identifies, so that a setting decides on its type; null for a column that is not an id.</summary>
    public IdOf? Id { get; init; }

    /// <summary>Whether a file may lack the column: its values are then NULL.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The positions of the cells of a header that name this column; see <see cref="HeaderNames"/>.</summary>
    public IReadOnlyList<int> FindIn(IReadOnlyList<string> header) => HeaderNames.Find(header, [Name, .. Aliases]);

    /// <summary>Reads one value of a file; a reader that is kept costs less for many.</summary>
    public RejectCode Read(FileFormat format, ReadOnlySpan<byte> field, out long value)
    {
        var reader = FieldReader.Of(Type, format);
        return FieldRules.Read(reader is null ? Type.Rule : FieldRule.Declared, field, out value, reader);
    }
}
