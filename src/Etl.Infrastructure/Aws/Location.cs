using Etl.Application.Options;

namespace Etl.Infrastructure.Aws;

/// <summary>Settings that name a location for files.</summary>
public static class Location
{
    /// <summary>Completes an error message of a setting: what a valid location is.</summary>
    internal const string Forms = "a folder's path, a file:// address or s3://bucket/prefix";

    /// <summary>
    /// True for null, a path, a <c>file://</c> and an <c>s3://</c> address. False if the text holds user information or a
    /// connection string: locations are shown, stored and sent.
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
