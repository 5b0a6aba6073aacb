using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Extensions;

/// <summary>Datasets, models, analytics tables and data tests of your own, as files. Section <c>Etl:Extensions</c>.</summary>
public sealed class ExtensionOptions
{
    /// <summary>
    /// A folder's path or <c>file://</c> address, or <c>s3://bucket/prefix</c>, with folders <c>datasets</c>,
    /// <c>models</c>, <c>marts</c> and <c>tests</c>; docs/extensions.md describes their files. It is read once, when the process starts.
    /// Its SQL can read all that the loader can read, so protect it like the program. Default none.
    /// </summary>
    [Location]
    public string? Directory { get; set; }
}
