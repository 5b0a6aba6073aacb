using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Domain.Lake;

namespace Etl.Application.Export;

/// <summary>The manifest as JSON: UTF-8, LF, camel case, indented, the same bytes for the same manifest.</summary>
public static class ManifestJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The manifest's bytes, with a last line end.</summary>
    public static byte[] Write(Manifest manifest) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(manifest, Options), (byte)'\n'];

    /// <summary>Reads a manifest back.</summary>
    public static Manifest Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<Manifest>(json, Options) ?? throw new JsonException("The manifest is empty.");
}
