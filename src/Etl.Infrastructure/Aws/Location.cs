using System.ComponentModel.DataAnnotations;
using Etl.Application.Options;

namespace Etl.Infrastructure.Aws;

/// <summary>Settings that name a location for files.</summary>
public static class Location
{
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

/// <summary>Requires a location that <see cref="Location.IsKnown"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LocationAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        Location.IsKnown((string?)value)
            ? ValidationResult.Success
            : new ValidationResult(
                $"is {SafeText.Value((string?)value)}; give a folder's path, a file:// address or s3://bucket/prefix."
            );
}
