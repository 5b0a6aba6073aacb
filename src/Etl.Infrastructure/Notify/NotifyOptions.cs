using System.Net.Mail;
using System.Text.RegularExpressions;
using Etl.Application.Options;
using Etl.Infrastructure.Aws;
using FluentValidation;

namespace Etl.Infrastructure.Notify;

/// <summary>Where the message of each run is sent. Section <c>Etl:Notify</c>.</summary>
public sealed class NotifyOptions
{
    /// <summary>
    /// ARN of the SNS topic that receives each message; its region is the one in the ARN, and the AWS SDK finds the credentials.
    /// Filter policies can use the attributes <c>outcome</c>, <c>pipeline</c> and <c>business_date</c>. Default none.
    /// </summary>
    public string? TopicArn { get; set; }

    /// <summary>
    /// Prefix of a bucket, <c>s3://bucket/prefix</c>, that receives each message as one object, for a network without a way to
    /// SNS. The Lambda host, started with the argument <c>relay</c>, publishes the objects to <see cref="TopicArn"/>. A run has
    /// one of the two settings, the relay has both. Default none.
    /// </summary>
    public string? MessagesUri { get; set; }

    /// <summary>
    /// Folder that receives each message as an <c>.eml</c> file, which mail programs open. Default: if no other notifier is
    /// set, <c>mail</c> in the lake's folder, beside the exports; for a lake in a bucket, <c>etl-mail</c> in the working
    /// folder.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Sender of the message. Default <c>etl@localhost</c>.</summary>
    public string From { get; set; } = "etl@localhost";

    /// <summary>Recipients of the message, separated by commas. Default <c>etl-reports@localhost</c>.</summary>
    public string To { get; set; } = "etl-reports@localhost";
}

/// <summary>
/// A mail server that receives each message. User name and password are not settings, because settings appear in files and
/// process lists: they are read from the environment variables <c>ETL_SMTP_USERNAME</c> and <c>ETL_SMTP_PASSWORD</c>. Section
/// <c>Etl:Notify:Smtp</c>.
/// </summary>
public sealed class SmtpOptions
{
    /// <summary>Name of the server. Default none.</summary>
    public string? Host { get; set; }

    /// <summary>Port of the server. Default 587.</summary>
    [Bounds(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>
    /// Encryption of the connection. Default <see cref="SmtpSecurity.StartTls"/>, for a loopback address
    /// <see cref="SmtpSecurity.Plain"/>. The certificate is always verified.
    /// </summary>
    public SmtpSecurity? Security { get; set; }

    /// <summary>Timeout in seconds of each response of the server. Default 15.</summary>
    [Bounds(1, 120, "seconds")]
    public int TimeoutSeconds { get; set; } = 15;
}

/// <summary>Encryption of the connection to a mail server.</summary>
public enum SmtpSecurity
{
    /// <summary>Upgraded to TLS after the greeting; a server without STARTTLS is an error.</summary>
    StartTls,

    /// <summary>TLS from the first byte, usually on port 465.</summary>
    Tls,

    /// <summary>Not encrypted. A password is sent to a loopback address only.</summary>
    Plain,
}

/// <summary>The settings of a run, which sends each message to the topic directly or by way of the bucket.</summary>
internal sealed class RunNotifyOptionsValidator : NotifyOptionsValidator
{
    public RunNotifyOptionsValidator() =>
        RuleFor(o => o.MessagesUri)
            .Must(string.IsNullOrWhiteSpace)
            .When(o => !string.IsNullOrWhiteSpace(o.TopicArn))
            .WithMessage(
                "and Etl:Notify:TopicArn are both set, and each message would be sent twice. Set one of them for runs: the "
                    + "relay publishes what is written to the bucket."
            );
}

internal partial class NotifyOptionsValidator : AbstractValidator<NotifyOptions>
{
    public NotifyOptionsValidator()
    {
        RuleFor(o => o.TopicArn)
            .Must(arn => string.IsNullOrWhiteSpace(arn) || TopicArn().IsMatch(arn))
            .WithMessage(o =>
                $"is {SafeText.Value(o.TopicArn)}; give the ARN of a standard topic, "
                + "such as arn:aws:sns:eu-central-1:123456789012:etl."
            );
        RuleFor(o => o.MessagesUri)
            .Must(uri => string.IsNullOrWhiteSpace(uri) || S3Address.TryParse(uri) is { Key.Length: > 0 })
            .WithMessage(o =>
                $"is {SafeText.Value(o.MessagesUri)}; give the prefix of a bucket, such as s3://lake/messages."
            );
        RuleFor(o => o.From)
            .Must(address => MailAddress.TryCreate(address, out _))
            .WithMessage(o => $"is {SafeText.Value(o.From)}; give one mail address, such as etl@example.org.");
        RuleFor(o => o.To)
            .Must(addresses => addresses.Split(',').All(a => MailAddress.TryCreate(a.Trim(), out _)))
            .WithMessage(o => $"is {SafeText.Value(o.To)}; give mail addresses, separated by commas.");
    }

    [GeneratedRegex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", RegexOptions.CultureInvariant)]
    private static partial Regex TopicArn();
}

internal sealed class SmtpOptionsValidator : OptionsValidator<SmtpOptions>
{
    public SmtpOptionsValidator() =>
        RuleFor(o => o.Host)
            .Must(host => string.IsNullOrWhiteSpace(host) || Uri.CheckHostName(host) != UriHostNameType.Unknown)
            .WithMessage(o =>
                $"is {SafeText.Value(o.Host)}; give the name of a server, such as smtp.example.org, without a port."
            );
}
