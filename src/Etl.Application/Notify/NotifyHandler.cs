using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Steps;
using MediatR;
using Microsoft.Extensions.Options;

namespace Etl.Application.Notify;

internal sealed class NotifyHandler(
    MessageQueue queue,
    IOutbox outbox,
    IEnumerable<INotifier> notifiers,
    IRunObserver observer,
    RetryPolicy retries,
    IOptions<RunOptions> options,
    TimeProvider clock
) : IRequestHandler<NotifyCommand, NotifyResult>
{
    private readonly IReadOnlyList<INotifier> notifiers = [.. notifiers];
    private readonly IReadOnlyList<string> names = [.. notifiers.Select(n => n.Name)];

    public async Task<NotifyResult> Handle(NotifyCommand request, CancellationToken cancellationToken)
    {
        if (request is { IsDirect: true, Summary: { } unrecorded })
        {
            return await SendDirectlyAsync(
                MessageWriter.Write(new MessageFacts(Run: null, unrecorded)),
                cancellationToken
            );
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
        return request.IsSentLater ? NotifyResult.Later : await SendPendingAsync(cancellationToken);
    }

    private async Task<NotifyResult> SendDirectlyAsync(Message message, CancellationToken cancellationToken)
    {
        var errors = await Task.WhenAll(
            notifiers.Select(n => TrySendAsync(n, message, cancellationToken, cancellationToken))
        );
        return ResultOf(
            notifiers.Zip(errors).Where(n => n.Second is null).Select(n => (n.First.Name, message)),
            errors.OfType<EtlError>().Select(e => NotSent(message, e))
        );
    }

    /// <summary>Reports each sent message once, with the notifiers that sent it.</summary>
    private NotifyResult ResultOf(IEnumerable<(string By, Message Message)> sent, IEnumerable<RunWarning> warnings)
    {
        var messages = sent.GroupBy(s => s.Message, s => s.By).ToList();
        messages.ForEach(m => observer.Notified(m.Key, [.. m]));
        return new NotifyResult(messages.Count, [.. names.Where(n => messages.Any(m => m.Contains(n)))], [.. warnings]);
    }

    /// <summary>The notifiers send in parallel, within one time limit, so that one that hangs does not delay the others.</summary>
    private async Task<NotifyResult> SendPendingAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.NotifySeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var pending = await outbox.ClaimAsync(cancellationToken);
        var results = await Task.WhenAll(
            notifiers.Select(n => SendPendingAsync(n, pending, either.Token, cancellationToken))
        );
        var unsent = results.SelectMany(r => r.Unsent).ToHashSet();
        foreach (var (message, sentBy) in pending)
        {
            if (unsent.Contains(message) || names.All(sentBy.Contains))
            {
                await ReleaseAsync(message, cancellationToken);
            }
        }

        return ResultOf(
            names.Zip(results).SelectMany(r => r.Second.Sent.Select(m => (r.First, m))),
            results.SelectMany(r => r.Warnings)
        );
    }

    /// <summary>
    /// Oldest first. Stops at the first sign that none can be sent now, so that messages that wait for days cost a start no
    /// more than one does.
    /// </summary>
    private async Task<(List<Message> Sent, List<Message> Unsent, List<RunWarning> Warnings)> SendPendingAsync(
        INotifier notifier,
        IReadOnlyList<PendingMessage> pending,
        CancellationToken either,
        CancellationToken cancellationToken
    )
    {
        var (sent, unsent, warnings) = (new List<Message>(), new List<Message>(), new List<RunWarning>());
        EtlError? outage = null;
        foreach (var (message, _) in pending.Where(p => !p.SentBy.Contains(notifier.Name)))
        {
            var error = outage ?? await TrySendAsync(notifier, message, either, cancellationToken);
            outage = error is { Retryable: true } ? error : null;
            if (error is null)
            {
                sent.Add(message);
                await RecordSentAsync(message, notifier, cancellationToken);
            }
            else
            {
                unsent.Add(message);
                warnings.Add(NotSent(message, error));
            }
        }

        return (sent, unsent, warnings);
    }

    /// <summary>A notifier that is down is a warning: it never fails a run. The next start sends the message.</summary>
    /// <returns>The error; null if the message was sent. It is retryable if other messages cannot be sent now, either.</returns>
    private async Task<EtlError?> TrySendAsync(
        INotifier notifier,
        Message message,
        CancellationToken either,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await notifier.SendAsync(message, either);
            return null;
        }
        catch (EtlException exception) when (exception.Error.Code == ErrorCode.Notify)
        {
            return exception.Error;
        }
        catch (OperationCanceledException)
        {
            var reason = cancellationToken.IsCancellationRequested
                ? "the start was stopped before it could be sent."
                : $"it could not be sent within {options.Value.NotifySeconds} s.";
            return new EtlError(ErrorCode.Notify, reason, "The next start sends the message.", Retryable: true);
        }
    }

    private static RunWarning NotSent(Message message, EtlError error)
    {
        var of = message.RunId is { } run ? $"run {run}" : $"business date {message.BusinessDate}";
        return new RunWarning(RunWarningKind.Message, $"The message of {of} was not sent: {error.Message}");
    }

    /// <summary>A message cannot be taken back, so the record of a sent one is repeated, and not the sending.</summary>
    private Task RecordSentAsync(Message message, INotifier notifier, CancellationToken cancellationToken) =>
        retries.DoAsync(
            message.RunId,
            () => outbox.RecordSentAsync(message, notifier.Name, names, CancellationToken.None),
            cancellationToken
        );

    /// <summary>Lets the next start send the message at once. Without time for it, the claim ends by itself.</summary>
    private Task ReleaseAsync(Message message, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.CompletedTask
            : outbox.ReleaseAsync(message, names, cancellationToken);
}
