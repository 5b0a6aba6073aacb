using System.Net.Mail;
using FluentValidation;

namespace Etl.Infrastructure.Notifications;

internal sealed class NotifyOptionsValidator : AbstractValidator<NotifyOptions>
{
    public NotifyOptionsValidator()
    {
        RuleFor(o => o.From)
            .Must(address => MailAddress.TryCreate(address, out _))
            .WithMessage("is '{PropertyValue}'; give one mail address, as etl@example.org.");
        RuleFor(o => o.To)
            .Must(addresses => addresses.Split(',').All(a => MailAddress.TryCreate(a.Trim(), out _)))
            .WithMessage("is '{PropertyValue}'; give mail addresses with commas between.");
    }
}
