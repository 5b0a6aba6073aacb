using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Domain.Datasets;

namespace Etl.Application.Runs;

/// <summary>A resolved format as the ledger records it, so that corrected rows are read as the file that they come from.</summary>
public static class FileFormatJson
{
    /// <summary>Every part of the format, defaults too: a later version can have others.</summary>
    public static string Write(FileFormat format) =>
        JsonSerializer.Serialize(format, FileFormatJsonContext.Default.FileFormat);

    /// <summary>The format of a recorded text.</summary>
    public static FileFormat Read(string text) =>
        JsonSerializer.Deserialize(text, FileFormatJsonContext.Default.FileFormat)!;
}

[JsonSerializable(typeof(FileFormat))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FileFormatJsonContext : JsonSerializerContext;
