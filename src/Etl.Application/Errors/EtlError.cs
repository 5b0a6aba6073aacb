namespace Etl.Application.Errors;

/// <summary>A failure as people and programs read it.</summary>
/// <param name="Code">The cause.</param>
/// <param name="Message">What failed, on which object: one line, no exception text, no secret.</param>
/// <param name="NextStep">What to do next: one line, a command where there is one.</param>
/// <param name="Retryable">Whether the same command may succeed by itself later. A rerun is safe in any case.</param>
public sealed record EtlError(ErrorCode Code, string Message, string NextStep, bool Retryable = false);
