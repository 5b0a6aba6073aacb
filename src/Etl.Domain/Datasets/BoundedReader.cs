namespace Etl.Domain.Datasets;

/// <summary>Reads the fields of a column whose values have bounds of their own, narrower than those of its type.</summary>
/// <param name="column">The column.</param>
/// <param name="inner">What reads the field in a declared format; null where the standard rule does.</param>
public sealed class BoundedReader(Column column, FieldReader? inner) : FieldReader
{
    /// <summary>What reads the field; null where the standard rule does.</summary>
    public FieldReader? Inner => inner;

    /// <summary>The reader of the same column for values in the standard form.</summary>
    public BoundedReader Standard => new(column, inner: null);

    /// <inheritdoc/>
    public override string? Written => inner?.Written;

    /// <inheritdoc/>
    public override RejectCode Read(ReadOnlySpan<byte> field, out long value)
    {
        var code = inner is null ? FieldRules.Read(column.Type.Rule, field, out value) : inner.Read(field, out value);
        return code == RejectCode.None && (value < column.Min || value > column.Max) ? RejectCode.OutOfRange : code;
    }
}
