namespace Etl.Infrastructure.Settings;

/// <summary>What a setting may name as a place for files.</summary>
internal static class Location
{
    private static readonly string[] Schemes = ["file", "s3"];

    /// <summary>True of a path and of an address of a kind that is known; whether it is there is another question.</summary>
    public static bool IsKnown(string? location)
    {
        var end = location?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        return end < 0 || Schemes.Contains(location![..end], StringComparer.OrdinalIgnoreCase);
    }
}
