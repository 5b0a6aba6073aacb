using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Application.Steps;
using MediatR;

namespace Etl.Application.Notify;

internal sealed class NotifyHandler(
    MessageQueue queue,
    IOutbox outbox,
    INotifier notifier,
    IRunObserver observer,
    RetryPolicy retries
) : IRequestHandler<NotifyCommand, NotifyResult>
{
    public async Task<NotifyResult> Handle(NotifyCommand request, CancellationToken cancellationToken)
    {
        if (request is { IsDirect: true, Summary: { } unrecorded })
        {
            var direct = MessageWriter.Write(new MessageFacts(Run: null, unrecorded));
            return await TrySendAsync(direct, cancellationToken) is { } failure ? new(0, [failure]) : new(1, []);
        }

        if (request.Summary is { } summary)
        {
            await (
                request.Run is { } run
                    ? queue.AddAsync(run, summary, cancellationToken)
                    : queue.AddAsync(summary, cancellationToken)
            );
        }

        if (request is { Redelivery: { } redelivery, Published: { } published })
        {
            await outbox.QueueAsync(RedeliveryMessage.Write(redelivery, published), cancellationToken);
        }

        await queue.AddMissingAsync(cancellationToken);
        var warnings = new List<RunWarning>();
        var messages = await outbox.ClaimAsync(cancellationToken);
        foreach (var message in messages)
        {
            var warning = await TrySendAsync(message, cancellationToken);
            warnings.AddRange(warning is null ? [] : [warning]);
            await RecordAsync(message, sent: warning is null, cancellationToken);
        }

        return new NotifyResult(messages.Count - warnings.Count, warnings);
    }

    /// <summary>A notifier that is down is a warning: it never fails a run. The next start sends the message.</summary>
    private async Task<RunWarning?> TrySendAsync(Message message, CancellationToken cancellationToken)
    {
        try
        {
            await notifier.SendAsync(message, cancellationToken);
            observer.Notified(message);
            return null;
        }
        catch (EtlException exception) when (exception.Error.Code == ErrorCode.Notify)
        {
            var of = message.RunId is { } run ? $"run {run}" : $"business date {message.BusinessDate}";
            return new RunWarning(
                RunWarningKind.Message,
                $"The message of {of} was not sent: {exception.Error.Message}"
            );
        }
    }

    /// <summary>A message cannot be taken back, so the record of a sent one is repeated, and not the sending.</summary>
    private async Task RecordAsync(Message message, bool sent, CancellationToken cancellationToken)
    {
        if (sent)
        {
            await retries.DoAsync(
                message.RunId,
                () => outbox.RecordAsync(message, sent, CancellationToken.None),
                cancellationToken
            );
        }
        else
        {
            await outbox.RecordAsync(message, sent, cancellationToken);
        }
    }
}
