namespace Etl.IntegrationTests;

/// <summary>
/// The two hosts as tests start them: those that are built with the tests, or the published ones in the folder that
/// <c>ETL_PROGRAMS</c> names.
/// </summary>
internal static class HostPrograms
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("ETL_PROGRAMS") is { Length: > 0 } published
            ? Path.GetFullPath(published)
            : AppContext.BaseDirectory;

    public static string[] Etl => EtlIn(Folder);

    public static string[] Lambda => CommandOf(Folder, "Etl.Hosts.Lambda");

    public static string[] EtlIn(string folder) => CommandOf(folder, "etl");

    /// <summary>A program with its own .NET cannot be started by another one.</summary>
    private static string[] CommandOf(string folder, string name) =>
        File.Exists(Path.Combine(folder, "libcoreclr.so"))
            ? [Path.Combine(folder, name)]
            : ["dotnet", Path.Combine(folder, $"{name}.dll")];
}
