using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Quality;
using Etl.Domain.Runs;

namespace Etl.Hosts.Console.Output;

/// <summary>What every JSON document has; of itself, the document of a command that failed before it had a result.</summary>
internal record Document
{
    [JsonPropertyOrder(-2)]
    public string Status { get; init; } = "succeeded";

    [JsonPropertyOrder(-1)]
    public int ExitCode => Failure?.Code.ExitCode() ?? 0;

    [JsonPropertyOrder(1)]
    public ErrorDocument? Error => ErrorDocument.Of(Failure);

    /// <summary>The error that decides status, exit code and error; null for success.</summary>
    [JsonIgnore]
    public EtlError? Failure
    {
        get;
        init
        {
            field = value;
            Status =
                value is null ? "succeeded"
                : value.Code == ErrorCode.Cancelled ? "cancelled"
                : "failed";
        }
    }
}

/// <summary>Serializes the one JSON document of a command.</summary>
internal static class JsonOutput
{
    /// <summary>For files and programs, never for a web page: letters beyond ASCII are not escaped.</summary>
    private static readonly JsonSerializerOptions Options = new(OutputJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Serialize(object document) =>
        JsonSerializer.Serialize(document, Options.GetTypeInfo(document.GetType()));

    public static string SnakeCase(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>The documents that commands print, serialized without reflection to keep the start short.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [
        typeof(SnakeCaseConverter<FileRole>),
        typeof(SnakeCaseConverter<Severity>),
        typeof(SnakeCaseConverter<Step>),
    ]
)]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(NewDocument))]
[JsonSerializable(typeof(MigrateDocument))]
[JsonSerializable(typeof(DbDocument))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(SuggestDocument))]
[JsonSerializable(typeof(LoadDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(RunsDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(CostDocument))]
[JsonSerializable(typeof(QuarantineDocument))]
[JsonSerializable(typeof(QuarantineExportDocument))]
internal sealed partial class OutputJson : JsonSerializerContext;
