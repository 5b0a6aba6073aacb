using System.Text.Json;
using Etl.Application.Errors;
using Etl.Hosts.Lambda.Errors;

namespace Etl.Hosts.Lambda.Events;

/// <summary>A part of an event that succeeds or fails as a whole.</summary>
/// <param name="MessageId">The message of a queue; null for an event that does not come from a queue.</param>
/// <param name="Requests">What it requests; nothing for a test message of S3.</param>
/// <param name="Error">Why it was refused, or null.</param>
internal sealed record EventPart<T>(string? MessageId, IReadOnlyList<T> Requests, EtlError? Error = null);

/// <summary>A part that was handled.</summary>
/// <param name="MessageId">The message of a queue, or null.</param>
/// <param name="Results">The result of each request.</param>
/// <param name="Failure">The first error, or null.</param>
internal sealed record HandledPart<T>(string? MessageId, IReadOnlyList<T> Results, InvocationException? Failure)
{
    /// <summary>The response. For messages of a queue, it names the messages to deliver again.</summary>
    /// <param name="parts">The parts of an event.</param>
    /// <param name="write">Writes the response to an event that does not come from a queue.</param>
    /// <exception cref="InvocationException">All parts failed.</exception>
    public static string Answer(IReadOnlyList<HandledPart<T>> parts, Func<IReadOnlyList<T>, string> write)
    {
        if (parts.All(p => p.Failure is not null))
        {
            throw parts[0].Failure!;
        }

        if (parts[0].MessageId is null)
        {
            return write(parts[0].Results);
        }

        var failed = parts.Where(p => p.Failure is not null).Select(p => new { itemIdentifier = p.MessageId });
        return JsonSerializer.Serialize(new { batchItemFailures = failed });
    }
}
