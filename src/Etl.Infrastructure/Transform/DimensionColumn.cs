namespace Etl.Infrastructure.Transform;

/// <summary>A column that an optional file must have; case and blanks around a header cell do not count.</summary>
internal sealed record DimensionColumn(string Name, params string[] Aliases)
{
    public bool IsNamed(string headerCell)
    {
        var cell = headerCell.Trim();
        return Aliases.Prepend(Name).Any(n => string.Equals(n, cell, StringComparison.OrdinalIgnoreCase));
    }
}
