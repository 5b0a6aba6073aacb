using System.ComponentModel.DataAnnotations;
using Etl.Application.Options;

namespace Etl.Infrastructure.Settings;

/// <summary>Requires an absolute http or https address; null and blank text are valid.</summary>
/// <param name="what">What the address is, such as "a collector's address".</param>
/// <param name="example">A valid address.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpAddressAttribute(string what, string example) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string text
        || string.IsNullOrWhiteSpace(text)
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? ValidationResult.Success
            : new ValidationResult($"is {SafeText.Value(text)}; give {what}, such as {example}.");
}
