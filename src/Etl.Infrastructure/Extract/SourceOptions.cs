namespace Etl.Infrastructure.Extract;

/// <summary>Where the snapshots arrive. Section <c>Etl:Source</c>.</summary>
public sealed class SourceOptions
{
    /// <summary>
    /// A folder's path or <c>file://</c> address, or <c>s3://bucket/prefix</c>; <c>{date}</c> in it becomes the business date,
    /// yyyy-MM-dd. It is only ever read. A relative path starts at the working folder. Required.
    /// </summary>
    public string? Uri { get; set; }
}
