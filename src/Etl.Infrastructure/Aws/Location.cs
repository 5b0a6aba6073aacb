using System.ComponentModel.DataAnnotations;
using Etl.Application.Options;
using Etl.Domain.Runs;

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
    /// <summary>Whether the location can have placeholders for the business date.</summary>
    public bool CanHaveDate { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var location = (string?)value;
        return !Location.IsKnown(location)
                ? new ValidationResult(
                    $"is {SafeText.Value(location)}; give a folder's path, a file:// address or s3://bucket/prefix."
                )
            : CanHaveDate && location is not null && DatePlaceholders.FindWrong(location) is { } wrong
                ? new ValidationResult(
                    $"has {wrong}, which is not a date; use {{date}}, or a format such as {{date:yyyyMMdd}} or {{date:yyyy/MM}}."
                )
            : !CanHaveDate && DatePlaceholders.IsIn(location)
                ? new ValidationResult("has a placeholder for the date; give one location for all business dates.")
            : ValidationResult.Success;
    }
}
