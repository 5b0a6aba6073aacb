using Etl.Application.Options;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Settings;

/// <summary>What a setting may name as a place for files.</summary>
public static class Location
{
    /// <summary>
    /// True of a path, a <c>file://</c> and an <c>s3://</c> address. False where user information or a connection string stands
    /// in it: locations are shown, stored and sent.
    /// </summary>
    public static bool IsKnown(string? location) =>
        location is null
        || (
            !SafeText.MayHoldSecret(location)
            && (
                !location.Contains("://", StringComparison.Ordinal)
                || location.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
                || S3Address.TryParse(location) is not null
            )
        );
}
