using Etl.Domain.Runs;

namespace Etl.Hosts.Lambda.Events;

/// <summary>Where the marker of a day arrives. A source that is not a bucket has no address to compare with.</summary>
/// <param name="source">The setting <c>Etl:Source:Uri</c>, with or without placeholders for the date.</param>
/// <param name="marker">The marker's name.</param>
internal sealed class MarkerAddress(string? source, string marker)
{
    private const string Scheme = "s3://";

    private readonly string? address =
        source?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
            ? $"{Scheme}{source[Scheme.Length..].TrimEnd('/')}/{marker}"
            : null;

    /// <summary>The business date of an object that was written; null if it is not the marker.</summary>
    /// <param name="bucket">The object's bucket.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="written">The day on which it was written: the date if the address of the marker has none.</param>
    public BusinessDate? DateOf(string bucket, string key, BusinessDate written) =>
        address is null
            ? key.Split('/')[^1] == marker
                ? written
                : null
            : DatePlaceholders.Find(address, $"{Scheme}{bucket}/{key}", written);

    /// <summary>The address, with its placeholders.</summary>
    public override string ToString() => address ?? marker;
}
