using System.Runtime.CompilerServices;

namespace Etl.TestKit;

/// <summary>
/// Texts that people have looked at, kept as files in a folder <c>Golden</c> beside the test. With <c>ETL_GOLDEN=write</c>
/// a test writes what it found in place of comparing, for people to look at anew.
/// </summary>
public static class Golden
{
    /// <summary>The kept text, after writing it where that was asked for.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="found">The text as it is now.</param>
    /// <param name="test">The test's own file.</param>
    public static string Expect(string name, string found, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("ETL_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, found);
        }

        return File.Exists(file)
            ? File.ReadAllText(file)
            : throw new FileNotFoundException($"{name} is not kept yet: look at it with ETL_GOLDEN=write.");
    }
}
