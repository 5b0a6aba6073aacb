using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.FileSystem;
using Etl.Infrastructure.Notify.Sns;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>Whether messages reach somebody. A run works without, so what is wrong is a warning.</summary>
/// <param name="options">Where messages go.</param>
/// <param name="lake">Beside what their files lie.</param>
/// <param name="server">Makes the way to the mail server; null where none is set.</param>
internal sealed class NotifierHealth(
    IOptions<NotifyOptions> options,
    IOptions<LakeOptions> lake,
    Func<SmtpNotifier>? server
) : IHealthCheck
{
    public string Name => "notifier";

    public ErrorCode Cause => ErrorCode.Notify;

    public async Task<HealthFinding> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        if (options.Value.TopicArn is { } arn && !string.IsNullOrWhiteSpace(arn))
        {
            return await AskTopicAsync(arn, cancellationToken);
        }

        if (server is not null)
        {
            return await TryServerAsync(server(), cancellationToken);
        }

        var folder = MailFileNotifier.Folder(options.Value, lake.Value);
        return FolderAccess.MayWrite(folder)
            ? HealthFinding.Good($"messages go to files in {folder}")
            : HealthFinding.Warning(
                $"Messages cannot be written to {folder}.",
                "Let the user that runs etl write there, or set Etl:Notify:Directory to another folder."
            );
    }

    private static async Task<HealthFinding> TryServerAsync(SmtpNotifier server, CancellationToken cancellationToken)
    {
        try
        {
            return HealthFinding.Good(await server.TryAsync(cancellationToken));
        }
        catch (EtlException exception)
        {
            return HealthFinding.Warning(exception.Error.Message, exception.Error.NextStep);
        }
    }

    private static async Task<HealthFinding> AskTopicAsync(string arn, CancellationToken cancellationToken)
    {
        using var client = SnsNotifier.Make(arn);
        try
        {
            var request = new GetTopicAttributesRequest { TopicArn = arn };
            var topic = (await client.GetTopicAttributesAsync(request, cancellationToken)).Attributes;
            return Validator(arn, topic);
        }
        catch (Exception exception) when (AwsErrorClassifier.IsFault(exception, cancellationToken))
        {
            // A role that may publish, and no more, is as it should be.
            var error = SnsNotifier.Explain(arn, exception).Error;
            return AwsErrorClassifier.Of(exception) == AwsErrorKind.Denied
                ? HealthFinding.Unknown($"{arn}: this role may not ask for its subscriptions")
                : HealthFinding.Warning(error.Message, error.NextStep);
        }
    }

    internal static HealthFinding Validator(string arn, IReadOnlyDictionary<string, string> topic) =>
        (Number(topic, "SubscriptionsConfirmed"), Number(topic, "SubscriptionsPending")) switch
        {
            (0, 0) => HealthFinding.Warning($"{arn} has no subscription", "Subscribe who is to read the messages."),
            (var confirmed, var pending and > 0) => HealthFinding.Warning(
                $"{arn}: {confirmed} subscriptions confirmed, {pending} not",
                "Follow the link in the mail that AWS has sent to each address."
            ),
            (var confirmed, _) => HealthFinding.Good($"{arn}: {confirmed} subscriptions, all confirmed"),
        };

    private static int Number(IReadOnlyDictionary<string, string> topic, string name) =>
        topic.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
