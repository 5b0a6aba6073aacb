using Etl.Application.Runs;

namespace Etl.Application.Notify;

/// <summary>Sends messages to people.</summary>
public interface INotifier
{
    /// <summary>Sends one message.</summary>
    /// <exception cref="Errors.EtlException">It could not be sent; the next start sends it.</exception>
    Task SendAsync(Message message, CancellationToken cancellationToken);
}
