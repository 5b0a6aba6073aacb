using System.Net.Mail;
using System.Text.RegularExpressions;
using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Notify;

internal sealed partial class NotifyOptionsValidator : AbstractValidator<NotifyOptions>
{
    public NotifyOptionsValidator()
    {
        RuleFor(o => o.TopicArn)
            .Must(arn => string.IsNullOrWhiteSpace(arn) || TopicArn().IsMatch(arn))
            .WithMessage(o =>
                $"is {SafeText.Value(o.TopicArn)}; give a standard topic's ARN, "
                + "as arn:aws:sns:eu-central-1:123456789012:etl."
            );
        RuleFor(o => o.From)
            .Must(address => MailAddress.TryCreate(address, out _))
            .WithMessage(o => $"is {SafeText.Value(o.From)}; give one mail address, as etl@example.org.");
        RuleFor(o => o.To)
            .Must(addresses => addresses.Split(',').All(a => MailAddress.TryCreate(a.Trim(), out _)))
            .WithMessage(o => $"is {SafeText.Value(o.To)}; give mail addresses with commas between.");
    }

    [GeneratedRegex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", RegexOptions.CultureInvariant)]
    private static partial Regex TopicArn();
}
