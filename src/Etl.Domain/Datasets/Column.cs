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

    /// <summary>The smallest value that the dataset allows, as a value of a row; null for that of the type.</summary>
    public long? Min { get; init; }

    /// <summary>The largest value that the dataset allows, as a value of a row; null for that of the type.</summary>
    public long? Max { get; init; }

    /// <summary>Whether the dataset allows fewer values than the type.</summary>
    public bool HasBounds => Min is not null || Max is not null;

    /// <summary>What a value must be, as the end of a message.</summary>
    /// <param name="reader">What reads the column in the format of its file; null for the rule of its type.</param>
    public string ExpectedBy(FieldReader? reader)
    {
        var expected = reader?.Written is { } written ? Type.ExpectedAs(written) : Type.Expected;
        return (Min, Max) switch
        {
            (null, null) => expected,
            ({ } min, null) => $"{expected}, here {Type.Format(min)} or more",
            (null, { } max) => $"{expected}, here {Type.Format(max)} or less",
            ({ } min, { } max) => $"{expected}, here from {Type.Format(min)} to {Type.Format(max)}",
        };
    }

    /// <summary>The positions of the cells of a header that name this column; see <see cref="HeaderNames"/>.</summary>
    public IReadOnlyList<int> FindIn(IReadOnlyList<string> header) => HeaderNames.Find(header, [Name, .. Aliases]);

    /// <summary>Reads one value of a file; a reader that is kept costs less for many.</summary>
    public RejectCode Read(FileFormat format, ReadOnlySpan<byte> field, out long value)
    {
        var reader = FieldReader.Of(this, format);
        return FieldRules.Read(reader is null ? Type.Rule : FieldRule.Declared, field, out value, reader);
    }
}
