using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Extract;

/// <summary>Location of the source files. Section <c>Etl:Source</c>.</summary>
public sealed class SourceOptions
{
    /// <summary>
    /// A folder's path or <c>file://</c> address, or <c>s3://bucket/prefix</c>; <c>{date}</c> is replaced by the business date,
    /// yyyy-MM-dd, and <c>{date:yyyyMMdd}</c> or <c>{date:yyyy/MM}</c> by it in that format. The location is only read. A relative path starts at the working folder. Required.
    /// </summary>
    [Location(CanHaveDate = true)]
    public string? Uri { get; set; }
}
