using System.Globalization;

namespace Etl.UnitTests.Stage;

/// <summary>How many generated files a differential test reads.</summary>
internal static class FuzzedFiles
{
    /// <summary>Set <c>ETL_FUZZ_FILES=100000</c> after a change of the reader.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("ETL_FUZZ_FILES"), CultureInfo.InvariantCulture, out var files)
            ? files
            : 5_000;
}
