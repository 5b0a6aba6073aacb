using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Transform;

/// <summary>A column that an optional file must have.</summary>
internal sealed record DimensionColumn(string Name, params string[] Aliases)
{
    /// <inheritdoc cref="HeaderNames.Find"/>
    public IReadOnlyList<int> FindIn(IReadOnlyList<string> header) => HeaderNames.Find(header, [Name, .. Aliases]);
}
