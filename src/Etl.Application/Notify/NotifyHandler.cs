using Etl.Application.Ports;
using MediatR;

namespace Etl.Application.Notify;

internal sealed class NotifyHandler(IRunLedger ledger, Outbox outbox) : IRequestHandler<NotifyCommand, NotifyResult>
{
    public async Task<NotifyResult> Handle(NotifyCommand request, CancellationToken cancellationToken)
    {
        var lastEnded = await ledger.LastEndedBeforeAsync(request.Run, cancellationToken);
        var before = await ledger.PreviousAsync(request.Run, cancellationToken);
        var message = MessageWriter.Write(request.Run, request.Summary, lastEnded, before);
        await ledger.QueueMessageAsync(message, cancellationToken);
        return await outbox.SendAsync(cancellationToken);
    }
}
