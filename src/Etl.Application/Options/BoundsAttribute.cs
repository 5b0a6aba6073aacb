using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Etl.Application.Options;

/// <summary>
/// Bounds of a number, or of each number of a list; both inclusive. Null is valid. The page docs/configuration.md shows them.
/// </summary>
/// <param name="min">The smallest value.</param>
/// <param name="max">The largest value; infinity for none.</param>
/// <param name="unit">What the number counts, in the plural, such as <c>seconds</c>; null where the name says it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute(double min, double max = double.PositiveInfinity, string? unit = null)
    : ValidationAttribute
{
    /// <summary>The bounds for people, such as <c>2 to 3600</c>.</summary>
    public string Range => double.IsPositiveInfinity(max) ? $"{Text(min)} or more" : $"{Text(min)} to {Text(max)}";

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var (verb, values) = value is IEnumerable list ? ("holds", list) : ("is", new[] { value });
        foreach (var number in values)
        {
            if (
                number is not null
                && Convert.ToDouble(number, CultureInfo.InvariantCulture) is var n
                && (n < min || n > max)
            )
            {
                var wanted = unit is null ? "a number" : $"a number of {unit}";
                var bounds = double.IsPositiveInfinity(max) ? $"from {Text(min)}" : $"from {Text(min)} to {Text(max)}";
                return new ValidationResult($"{verb} {Text(number)}; give {wanted} {bounds}.");
            }
        }

        return ValidationResult.Success;
    }

    private static string Text(object number) => string.Create(CultureInfo.InvariantCulture, $"{number}");
}
