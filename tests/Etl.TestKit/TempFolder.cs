namespace Etl.TestKit;

/// <summary>A folder for one test; deleted when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("etl-test-").FullName;

    /// <summary>A path below the folder.</summary>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Writes a file and creates its folders.</summary>
    public string Write(string relative, string text)
    {
        var path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Sets the mode of a path in the folder; does nothing on Windows.</summary>
    public static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Allow(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(Root, recursive: true);
    }
}
