namespace Etl.Application.Runs;

/// <summary>A source file, pinned.</summary>
/// <param name="Uri">The full location, <c>file://</c> or <c>s3://</c>.</param>
/// <param name="FileName">The name without folder or prefix.</param>
/// <param name="Version">What pins the bytes: a version id, an ETag, or a folder's size and time of change.</param>
/// <param name="Bytes">Size in bytes at the time of pinning.</param>
public sealed record SourceFile(string Uri, string FileName, string Version, long Bytes);
