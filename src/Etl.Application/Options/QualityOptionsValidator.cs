using FluentValidation;

namespace Etl.Application.Options;

internal sealed class QualityOptionsValidator : AbstractValidator<QualityOptions>
{
    public QualityOptionsValidator()
    {
        RuleFor(o => o.MaxRejectedPercent)
            .InclusiveBetween(0, 100)
            .WithMessage("is {PropertyValue}; give a percentage from 0 to 100.");
        RuleFor(o => o.MaxRejectedRows)
            .GreaterThanOrEqualTo(0)
            .WithMessage("is {PropertyValue}; give a number of rows from 0, or leave it out for no limit.");
        RuleFor(o => o.MaxRecordBytes)
            .InclusiveBetween(1024, 16 * 1024 * 1024)
            .WithMessage("is {PropertyValue}; give a number of bytes from 1024 to 16777216.");
        RuleFor(o => o.MaxKeptRejects)
            .GreaterThanOrEqualTo(0)
            .WithMessage("is {PropertyValue}; give a number of rows from 0.");
        RuleFor(o => o.UnusualVolumePercent)
            .GreaterThan(0)
            .WithMessage("is {PropertyValue}; give a percentage above 0.");
        RuleForEach(o => o.NullTokens)
            .NotEmpty()
            .WithMessage("holds an empty word; the empty field is NULL anyway, so leave it out.");
    }
}
