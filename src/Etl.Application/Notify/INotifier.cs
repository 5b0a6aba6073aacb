using Etl.Application.Runs;

namespace Etl.Application.Notify;

/// <summary>Tells people how a run ended.</summary>
public interface INotifier
{
    /// <summary>Sends one message.</summary>
    /// <exception cref="Errors.EtlException">It could not be sent; the next start tries again.</exception>
    Task SendAsync(Message message, CancellationToken cancellationToken);
}
