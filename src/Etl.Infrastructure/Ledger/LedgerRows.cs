using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Ledger;

/// <summary>A row of <c>etl.run_steps</c>.</summary>
internal sealed class StepRow
{
    public required string RunId { get; init; }
    public required int Attempt { get; init; }
    public required Step Step { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public bool? Succeeded { get; init; }
    public string? Detail { get; init; }
}

/// <summary>A row of <c>etl.run_files</c>.</summary>
internal sealed class FileRow
{
    public required string RunId { get; init; }
    public required string Dataset { get; init; }
    public required string Uri { get; init; }
    public required string Version { get; init; }
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }
    public required long Read { get; init; }
    public required long Loaded { get; init; }
    public required long Rejected { get; init; }
    public required FileRole Role { get; init; }
    public byte[]? Header { get; init; }
}

/// <summary>A row of <c>etl.run_tests</c>.</summary>
internal sealed class TestRow
{
    public required string RunId { get; init; }
    public required string Name { get; init; }
    public required Severity Severity { get; init; }
    public required long Violations { get; init; }
    public required string Meaning { get; init; }
}

/// <summary>A row of <c>etl.run_exports</c>.</summary>
internal sealed class ExportRow
{
    public required string RunId { get; init; }
    public required string TableName { get; init; }
    public required string Uri { get; init; }
    public required long Rows { get; init; }
    public required long Bytes { get; init; }
    public required string Sha256 { get; init; }
    public required string[] Columns { get; init; }
}

/// <summary>A row of <c>etl.messages</c>, the outbox.</summary>
internal sealed class MessageRow
{
    public required string RunId { get; init; }
    public required Outcome Outcome { get; init; }
    public required DateOnly BusinessDate { get; init; }
    public required string Subject { get; init; }
    public required string Body { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ClaimedUntil { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public int Attempts { get; init; }
}
