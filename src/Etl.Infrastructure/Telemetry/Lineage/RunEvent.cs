using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>A run event in the shape of OpenLineage 2-0-2.</summary>
internal sealed class RunEvent(
    string jobNamespace,
    DatasetCatalog datasets,
    MartCatalog marts,
    Func<string, DatasetName> table
)
{
    private const string Spec = "https://openlineage.io/spec";
    private const string Producer = "urn:etl:pipeline";

    public JsonObject Start(Run run, DateTimeOffset at) => Of("START", run, status: null, error: null, at);

    public JsonObject End(Run run, RunSummary summary, DateTimeOffset at)
    {
        var type = summary.Status switch
        {
            SummaryStatus.Succeeded => "COMPLETE",
            SummaryStatus.Cancelled => "ABORT",
            _ => "FAIL",
        };
        var end = Of(type, run, summary.Status.ToString(), summary.Error?.Message, at);
        end["inputs"] = new JsonArray([.. summary.Sources.Where(s => s.Uri.Length > 0).Select(s => Input(s, summary))]);
        if (summary.IsPublished)
        {
            end["outputs"] = new JsonArray([.. Tables(summary), .. summary.Exports.Select(Export)]);
        }

        return end;
    }

    /// <summary>The same attempt of the same run always has the same id, whichever host tells of it.</summary>
    public static Guid IdOf(string jobNamespace, Run run)
    {
        var name = Encoding.UTF8.GetBytes($"{jobNamespace}/{run.RunId}/{run.Attempts}");
        var bytes = SHA256.HashData(name)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private JsonObject Of(string type, Run run, string? status, string? error, DateTimeOffset at)
    {
        var facets = new JsonObject
        {
            ["nominalTime"] = Facet(
                "1-0-1/NominalTimeRunFacet",
                ("nominalStartTime", $"{run.BusinessDate:yyyy-MM-dd}T00:00:00Z")
            ),
            ["etl_run"] = Facet(
                null,
                ("runId", run.RunId),
                ("attempt", run.Attempts),
                ("asOf", $"{run.AsOf:yyyy-MM-dd}"),
                ("trigger", run.Trigger.ToString()),
                ("status", status)
            ),
        };
        if (error is not null)
        {
            facets["errorMessage"] = Facet(
                "1-0-1/ErrorMessageRunFacet",
                ("message", error),
                ("programmingLanguage", "C#")
            );
        }

        return new JsonObject
        {
            ["eventType"] = type,
            ["eventTime"] = at.UtcDateTime.ToString("O"),
            ["producer"] = Producer,
            ["schemaURL"] = $"{Spec}/2-0-2/OpenLineage.json#/$defs/RunEvent",
            ["run"] = new JsonObject { ["runId"] = IdOf(jobNamespace, run).ToString(), ["facets"] = facets },
            ["job"] = new JsonObject
            {
                ["namespace"] = jobNamespace,
                ["name"] = "etl",
                ["facets"] = new JsonObject
                {
                    ["jobType"] = Facet(
                        "2-0-3/JobTypeJobFacet",
                        ("processingType", "BATCH"),
                        ("integration", "ETL"),
                        ("jobType", "PIPELINE")
                    ),
                },
            },
        };
    }

    private JsonObject Input(FileRecord file, RunSummary summary)
    {
        var input = Dataset(DatasetName.OfLocation(file.Uri));
        input["facets"] = new JsonObject
        {
            ["schema"] = Schema(
                datasets.Named(file.Dataset).Columns.Select(c => (c.Name, TypeOf(c.Kind)))
            ),
            ["version"] = Facet("1-0-1/DatasetVersionDatasetFacet", ("datasetVersion", file.Version)),
            ["etl_content"] = Facet(null, ("sha256", file.Sha256), ("role", file.Role.ToString())),
        };
        var metrics = Facet(
            "1-0-2/DataQualityMetricsInputDatasetFacet",
            ("rowCount", file.Read),
            ("bytes", file.Bytes)
        );
        metrics["columnMetrics"] = new JsonObject();
        var quality = new JsonObject { ["dataQualityMetrics"] = metrics };
        var tests = summary
            .Tests.Where(t => t.Name.StartsWith(file.Dataset.TrimEnd('s'), StringComparison.Ordinal))
            .ToList();
        if (tests.Count > 0)
        {
            quality["dataQualityAssertions"] = Assertions(tests);
        }

        input["inputFacets"] = quality;
        return input;
    }

    private static JsonObject Assertions(IEnumerable<DataTestResult> tests)
    {
        var facet = Facet("1-0-1/DataQualityAssertionsDatasetFacet");
        facet["assertions"] = new JsonArray([
            .. tests.Select(t => new JsonObject { ["assertion"] = t.Name, ["success"] = t.Violations == 0 }),
        ]);
        return facet;
    }

    /// <summary>What readers see since the publish: the staging tables, and the analytics where their rows are known.</summary>
    private IEnumerable<JsonNode> Tables(RunSummary summary)
    {
        foreach (var files in summary.Sources.GroupBy(s => s.Dataset))
        {
            var columns = datasets.Named(files.Key).Columns.Select(c => (c.Name, TypeOf(c.Kind)));
            yield return Output(table($"staging.{files.Key}"), columns, files.Sum(f => f.Loaded), size: null);
        }

        foreach (var name in marts.All.Select(t => t.Name))
        {
            var export = summary.Exports.FirstOrDefault(e => e.Table == name);
            yield return Output(
                table($"analytics.{name}"),
                export?.Columns.Select(c => (c, (string?)null)) ?? [],
                export?.Rows,
                size: null
            );
        }
    }

    private static JsonNode Export(ExportRecord export) =>
        Output(
            DatasetName.OfLocation(export.Uri),
            export.Columns.Select(c => (c, (string?)null)),
            export.Rows,
            export.Bytes
        );

    private static JsonObject Output(
        DatasetName name,
        IEnumerable<(string Name, string? Type)> columns,
        long? rows,
        long? size
    )
    {
        var output = Dataset(name);
        output["facets"] = new JsonObject { ["schema"] = Schema(columns) };
        if (rows is not null)
        {
            output["outputFacets"] = new JsonObject
            {
                ["outputStatistics"] = Facet(
                    "1-0-2/OutputStatisticsOutputDatasetFacet",
                    ("rowCount", rows),
                    ("size", size)
                ),
            };
        }

        return output;
    }

    private static JsonObject Dataset(DatasetName name) =>
        new() { ["namespace"] = name.Namespace, ["name"] = name.Name };

    private static JsonObject Schema(IEnumerable<(string Name, string? Type)> columns)
    {
        var facet = Facet("1-1-1/SchemaDatasetFacet");
        facet["fields"] = new JsonArray([
            .. columns.Select(c =>
                c.Type is null
                    ? new JsonObject { ["name"] = c.Name }
                    : new JsonObject { ["name"] = c.Name, ["type"] = c.Type }
            ),
        ]);
        return facet;
    }

    /// <param name="schema">Version and name of a published facet; null for one of our own.</param>
    /// <param name="values">Its values; those that are null are left out.</param>
    private static JsonObject Facet(string? schema, params (string Name, object? Value)[] values)
    {
        var facet = new JsonObject
        {
            ["_producer"] = Producer,
            ["_schemaURL"] = schema is null
                ? $"{Spec}/2-0-2/OpenLineage.json#/$defs/BaseFacet"
                : $"{Spec}/facets/{schema}.json#/$defs/{schema[(schema.IndexOf('/', StringComparison.Ordinal) + 1)..]}",
        };
        foreach (var (name, value) in values.Where(v => v.Value is not null))
        {
            facet[name] = JsonValue.Create(value);
        }

        return facet;
    }

    private static string? TypeOf(FieldKind kind) =>
        kind switch
        {
            FieldKind.Id => "bigint",
            FieldKind.Date => "date",
            FieldKind.Money => "numeric(14,2)",
            FieldKind.Quantity => "integer",
            _ => "smallint",
        };
}
