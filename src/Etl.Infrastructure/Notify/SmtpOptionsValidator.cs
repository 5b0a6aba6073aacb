using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Notify;

internal sealed class SmtpOptionsValidator : AbstractValidator<SmtpOptions>
{
    public SmtpOptionsValidator()
    {
        RuleFor(o => o.Host)
            .Must(host => string.IsNullOrWhiteSpace(host) || Uri.CheckHostName(host) != UriHostNameType.Unknown)
            .WithMessage(o =>
                $"is {SafeText.Value(o.Host)}; give a server's name, as smtp.example.org, and its port by itself."
            );
        RuleFor(o => o.Port).InclusiveBetween(1, 65535).WithMessage("is {PropertyValue}; give a port from 1 to 65535.");
        RuleFor(o => o.TimeoutSeconds)
            .InclusiveBetween(1, 120)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 120.");
    }
}
