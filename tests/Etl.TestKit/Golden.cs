using System.Runtime.CompilerServices;

namespace Etl.TestKit;

/// <summary>
/// Reviewed texts, stored as files in a folder <c>Golden</c> beside the test. With <c>ETL_GOLDEN=write</c> a test writes the
/// file instead of comparing it; review the change.
/// </summary>
public static class Golden
{
    /// <summary>Returns the stored text, after it is written if requested.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="found">The current text.</param>
    /// <param name="test">The file of the test.</param>
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
