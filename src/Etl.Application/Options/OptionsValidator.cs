using System.ComponentModel.DataAnnotations;
using System.Reflection;
using FluentValidation;

namespace Etl.Application.Options;

/// <summary>
/// Checks the validation attributes of an options class's properties, such as <see cref="BoundsAttribute"/>. A class with
/// rules that no attribute states derives from it and adds them.
/// </summary>
/// <typeparam name="T">The options class.</typeparam>
public class OptionsValidator<T> : AbstractValidator<T>
    where T : class
{
    private static readonly IReadOnlyList<(PropertyInfo Property, ValidationAttribute Attribute)> Rules =
    [
        .. typeof(T)
            .GetProperties()
            .SelectMany(p => p.GetCustomAttributes<ValidationAttribute>(), (p, attribute) => (p, attribute)),
    ];

    /// <summary>Adds the rules of the attributes.</summary>
    public OptionsValidator() => RuleFor(o => o).Custom(CheckAttributes);

    private static void CheckAttributes(T options, FluentValidation.ValidationContext<T> context)
    {
        foreach (var (property, attribute) in Rules)
        {
            var of = new ValidationContext(options) { MemberName = property.Name };
            if (attribute.GetValidationResult(property.GetValue(options), of) is { ErrorMessage: { } message })
            {
                context.AddFailure(property.Name, message);
            }
        }
    }
}
