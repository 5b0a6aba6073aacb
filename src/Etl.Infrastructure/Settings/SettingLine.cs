namespace Etl.Infrastructure.Settings;

/// <summary>Writes a setting as a line of a shell.</summary>
public static class SettingLine
{
    /// <summary>The line that sets a setting by its environment variable.</summary>
    /// <param name="path">The setting, such as <c>Etl:Files:Orders:Delimiter</c>.</param>
    /// <param name="value">Its value.</param>
    public static string Export(string path, string value) =>
        $"export {path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}="
        + $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
