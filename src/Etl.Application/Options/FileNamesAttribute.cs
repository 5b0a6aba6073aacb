using System.ComponentModel.DataAnnotations;
using Etl.Domain.Datasets;

namespace Etl.Application.Options;

/// <summary>Requires names and patterns of files below the source.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FileNamesAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var wrong = ((IEnumerable<string>?)value ?? [])
            .Select(name => (Name: name, Error: FilePattern.FindError(name)))
            .FirstOrDefault(n => n.Error is not null);
        return wrong.Error is null
            ? ValidationResult.Success
            : new ValidationResult($"holds {SafeText.Value(wrong.Name)}, which {wrong.Error}.");
    }
}
