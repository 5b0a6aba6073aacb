using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Application.Steps;

namespace Etl.Application.Notify;

/// <summary>Sends what waits in the ledger. A notifier that is down never turns a good run into a bad one.</summary>
internal sealed class Outbox(
    IOutbox outbox,
    Messages messages,
    INotifier notifier,
    IRunObserver observer,
    RetryPolicy retrying
)
{
    public async Task<NotifyResult> SendAsync(CancellationToken cancellationToken)
    {
        await messages.QueueMissingAsync(cancellationToken);
        var sent = 0;
        var warnings = new List<string>();
        foreach (var message in await outbox.ClaimAsync(cancellationToken))
        {
            try
            {
                await notifier.SendAsync(message, cancellationToken);
                await RecordSentAsync(message, cancellationToken);
                observer.Notified(message);
                sent++;
            }
            catch (EtlException exception) when (exception.Error.Code == ErrorCode.Notify)
            {
                await outbox.RecordAsync(message, sent: false, cancellationToken);
                warnings.Add($"The message of run {message.RunId} was not sent: {exception.Error.Message}");
            }
        }

        return new NotifyResult(sent, warnings);
    }

    /// <summary>What is sent cannot be taken back: so the record is tried again by itself, and not the sending.</summary>
    private Task RecordSentAsync(Message message, CancellationToken cancellationToken)
    {
        Task RecordAsync() => outbox.RecordAsync(message, sent: true, CancellationToken.None);
        return message.RunId is { } run ? retrying.DoAsync(run, RecordAsync, cancellationToken) : RecordAsync();
    }
}
