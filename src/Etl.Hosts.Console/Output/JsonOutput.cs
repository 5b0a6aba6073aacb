using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Etl.Application.Errors;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>Writes the one JSON document of a command.</summary>
internal static class JsonOutput
{
    /// <summary>Relaxed: the document goes to a file or a program, never into a page.</summary>
    private static readonly JsonSerializerOptions Relaxed = new(OutputJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<T>(Terminal terminal, T document, JsonTypeInfo<T> type)
    {
        var relaxed = (JsonTypeInfo<T>)Relaxed.GetTypeInfo(type.Type);
        terminal.Out.WriteLine(JsonSerializer.Serialize(document, relaxed));
    }
}

/// <summary>The documents that commands print, serialised without reflection so that the start stays quick.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(SampleDocument))]
internal sealed partial class OutputJson : JsonSerializerContext;

/// <summary>A failure, in every document the same.</summary>
internal sealed record ErrorDocument(string Code, string Message, string NextStep, bool Retryable)
{
    public static ErrorDocument? Of(EtlError? error) =>
        error is null ? null : new ErrorDocument(error.Code.Text(), error.Message, error.NextStep, error.Retryable);
}

/// <summary>What a command prints that failed before it had anything of its own to say.</summary>
internal sealed record FailureDocument(string Status, int ExitCode, ErrorDocument Error)
{
    public static FailureDocument Of(EtlError error) =>
        new(
            error.Code == ErrorCode.Cancelled ? "cancelled" : "failed",
            error.Code.ExitCode(),
            ErrorDocument.Of(error)!
        );
}

/// <summary><c>sample --json</c>.</summary>
internal sealed record SampleDocument(
    string Status,
    int ExitCode,
    string Folder,
    IReadOnlyList<SampleFileDocument> Files,
    ErrorDocument? Error
);

/// <summary>A file of <c>sample --json</c>.</summary>
internal sealed record SampleFileDocument(string Path, long Rows, long Bytes, long Dirty);
