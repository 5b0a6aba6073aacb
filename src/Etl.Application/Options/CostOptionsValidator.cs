using FluentValidation;

namespace Etl.Application.Options;

internal sealed class CostOptionsValidator : AbstractValidator<CostOptions>
{
    private const string Price = "is {PropertyValue}; give a price from 0 to 1000.";

    public CostOptionsValidator()
    {
        RuleFor(o => o.Currency).NotEmpty().WithMessage("is empty; give the prices' currency, as USD.");
        RuleFor(o => o.MemoryMegabytes)
            .InclusiveBetween(128, 10240)
            .WithMessage("is {PropertyValue}; give a number of MB from 128 to 10240.");
        RuleFor(o => o.SnsSubscribers)
            .InclusiveBetween(0, 10000)
            .WithMessage("is {PropertyValue}; give a number of mail addresses from 0 to 10000.");
        RuleFor(o => o.EcrMegabytes)
            .InclusiveBetween(0, 1000000)
            .WithMessage("is {PropertyValue}; give a number of MB from 0 to 1000000.");
        RuleFor(o => o.LogKilobytesPerRun)
            .InclusiveBetween(0, 1000000)
            .WithMessage("is {PropertyValue}; give a number of KB from 0 to 1000000.");
        RuleFor(o => o.LambdaGigabyteSecond).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.LambdaRequest).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.ScheduleInvocation).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.SnsPublish).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.SnsEmail).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.S3Write).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.S3Read).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.S3GigabyteMonth).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.EcrGigabyteMonth).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.LogGigabyte).InclusiveBetween(0, 1000).WithMessage(Price);
        RuleFor(o => o.MetricMonth).InclusiveBetween(0, 1000).WithMessage(Price);
    }
}
