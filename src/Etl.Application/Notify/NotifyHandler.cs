using MediatR;

namespace Etl.Application.Notify;

internal sealed class NotifyHandler(Messages messages, Outbox outbox) : IRequestHandler<NotifyCommand, NotifyResult>
{
    public async Task<NotifyResult> Handle(NotifyCommand request, CancellationToken cancellationToken)
    {
        await messages.QueueAsync(request.Run, request.Summary, cancellationToken);
        return await outbox.SendAsync(cancellationToken);
    }
}
