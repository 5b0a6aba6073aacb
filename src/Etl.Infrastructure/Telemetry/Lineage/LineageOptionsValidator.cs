using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Telemetry.Lineage;

internal sealed class LineageOptionsValidator : AbstractValidator<LineageOptions>
{
    public LineageOptionsValidator()
    {
        RuleFor(o => o.Url)
            .Must(address =>
                string.IsNullOrWhiteSpace(address)
                || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            )
            .WithMessage(o => $"is {SafeText.Value(o.Url)}; give an address, as http://127.0.0.1:5000/api/v1/lineage.");
        RuleFor(o => o.Namespace).NotEmpty().WithMessage("is empty; give the job's namespace, as etl.");
        RuleFor(o => o.TimeoutSeconds)
            .InclusiveBetween(1, 60)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 60.");
    }
}
