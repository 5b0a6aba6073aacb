using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Settings;

/// <summary>What a setting may name as a place for files.</summary>
internal static class Location
{
    /// <summary>True of a path and of an address of a kind that is known; whether it is there is another question.</summary>
    public static bool IsKnown(string? location) =>
        location is null
        || !location.Contains("://", StringComparison.Ordinal)
        || location.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
        || S3Address.TryParse(location) is not null;
}
