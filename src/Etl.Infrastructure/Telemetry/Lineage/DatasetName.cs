namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>A dataset's name by OpenLineage's rules of naming.</summary>
/// <param name="Namespace">The place: <c>file</c>, <c>s3://bucket</c> or <c>postgres://host:port</c>.</param>
/// <param name="Name">The path, the key, or <c>database.schema.table</c>.</param>
internal readonly record struct DatasetName(string Namespace, string Name)
{
    /// <summary>Of an object's location, <c>file://</c> or <c>s3://</c>.</summary>
    public static DatasetName OfLocation(string location)
    {
        var uri = new Uri(location);
        return uri.IsFile
            ? new DatasetName("file", uri.LocalPath)
            : new DatasetName($"{uri.Scheme}://{uri.Host}", Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/'));
    }
}
