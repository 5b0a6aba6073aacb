using Etl.Application.Runs;

namespace Etl.Application.Notify;

/// <summary>Sends messages to people. A host can have several; each sends every message once.</summary>
public interface INotifier
{
    /// <summary>Identifies the notifier in the outbox, for example <c>sns</c>. It never changes.</summary>
    string Name { get; }

    /// <summary>Sends one message.</summary>
    /// <exception cref="Errors.EtlException">It could not be sent; the next start sends it.</exception>
    Task SendAsync(Message message, CancellationToken cancellationToken);
}
