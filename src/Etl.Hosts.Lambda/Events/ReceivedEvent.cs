using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Hosts.Lambda.Events;

/// <summary>A part of an event that succeeds or fails as a whole.</summary>
/// <param name="MessageId">The message of a queue; null for an event that does not come from a queue.</param>
/// <param name="Requests">The runs that it requests; none for a test message of S3.</param>
/// <param name="Error">Why it was refused, or null.</param>
internal sealed record EventPart(string? MessageId, IReadOnlyList<RunRequest> Requests, EtlError? Error = null);

/// <summary>A part with the result of each of its runs; a refused part has one result, its error.</summary>
internal sealed record HandledPart(EventPart Part, IReadOnlyList<RunSummary> Summaries)
{
    /// <summary>The first run that failed, or null.</summary>
    public RunSummary? Failed => Summaries.FirstOrDefault(s => s.Error is not null);
}
