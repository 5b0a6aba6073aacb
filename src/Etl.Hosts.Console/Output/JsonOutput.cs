using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
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
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n"
)]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(MigrateDocument))]
[JsonSerializable(typeof(DbDocument))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(RunsDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(CostDocument))]
[JsonSerializable(typeof(QuarantineDocument))]
[JsonSerializable(typeof(QuarantineExportDocument))]
internal sealed partial class OutputJson : JsonSerializerContext;
