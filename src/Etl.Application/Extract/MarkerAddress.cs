using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>Where the marker of a day arrives. A source that is not a bucket has no address to compare with.</summary>
/// <param name="source">The setting <c>Etl:Source:Uri</c>, with or without placeholders for the date.</param>
/// <param name="marker">The marker's name.</param>
public sealed class MarkerAddress(string? source, string marker)
{
    private const string Scheme = "s3://";

    private readonly string? address =
        source?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
            ? $"{Scheme}{source[Scheme.Length..].TrimEnd('/')}/{marker}"
            : null;

    /// <summary>The business date of an object that was written; null if it is not the marker.</summary>
    /// <param name="uri">The object, as <c>s3://bucket/key</c>.</param>
    /// <param name="written">The day on which it was written: the date if the address of the marker has none.</param>
    public BusinessDate? DateOf(string uri, BusinessDate written) =>
        address is null
            ? uri.Split('/')[^1] == marker
                ? written
                : null
            : DatePlaceholders.Find(address, uri, written);

    /// <summary>The address, with its placeholders.</summary>
    public override string ToString() => address ?? marker;
}
