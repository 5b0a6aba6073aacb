namespace Etl.Infrastructure.Export.Lake;

/// <summary>Where exports are kept. Section <c>Etl:Lake</c>.</summary>
public sealed class LakeOptions
{
    /// <summary>
    /// A folder's path or <c>file://</c> address, or <c>s3://bucket/prefix</c>. Folders are made where they are missing; a
    /// relative path starts at the working folder. Required.
    /// </summary>
    public string? Uri { get; set; }
}
