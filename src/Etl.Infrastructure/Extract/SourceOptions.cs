using Etl.Application.Options;
using Etl.Infrastructure.Aws;
using FluentValidation;

namespace Etl.Infrastructure.Extract;

/// <summary>Location of the source files. Section <c>Etl:Source</c>.</summary>
public sealed class SourceOptions
{
    /// <summary>
    /// A folder's path or <c>file://</c> address, or <c>s3://bucket/prefix</c>; <c>{date}</c> is replaced by the business date,
    /// yyyy-MM-dd. The location is only read. A relative path starts at the working folder. Required.
    /// </summary>
    public string? Uri { get; set; }
}

internal sealed class SourceOptionsValidator : AbstractValidator<SourceOptions>
{
    public SourceOptionsValidator() =>
        RuleFor(o => o.Uri)
            .Must(Location.IsKnown)
            .WithMessage(o => $"is {SafeText.Value(o.Uri)}; give {Location.Forms}.");
}
