using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using static Etl.Infrastructure.Telemetry.Lineage.Facets;

namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>Builds run events of OpenLineage 2-0-2.</summary>
/// <param name="jobNamespace">Namespace of the job <c>etl</c>.</param>
/// <param name="datasets">The datasets of the source files.</param>
/// <param name="marts">The published analytics tables.</param>
/// <param name="schemas">The schemas of the published tables.</param>
/// <param name="inputsOf">The tables that a data test of that name reads.</param>
/// <param name="table">The name of a database table, given by schema and name.</param>
internal sealed class RunEvent(
    string jobNamespace,
    DatasetCatalog datasets,
    MartCatalog marts,
    SchemaOptions schemas,
    Func<string, IReadOnlyList<string>> inputsOf,
    Func<string, string, DatasetName> table
)
{
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

    /// <summary>A UUID that is the same for the same attempt of the same run, on any host.</summary>
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
            ["schema"] = Schema(datasets.Named(file.Dataset).Columns.Select(c => (c.Name, (string?)c.Type.TypeName))),
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
        var tests = summary.Tests.Where(t => inputsOf(t.Name).Contains(file.Dataset)).ToList();
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

    /// <summary>The published tables of staging and analytics; row counts of analytics are known after the export.</summary>
    private IEnumerable<JsonNode> Tables(RunSummary summary)
    {
        foreach (var files in summary.Sources.GroupBy(s => s.Dataset))
        {
            var columns = datasets.Named(files.Key).Columns.Select(c => (c.Name, (string?)c.Type.TypeName));
            yield return Output(table(schemas.Staging, files.Key), columns, files.Sum(f => f.Loaded), size: null);
        }

        foreach (var mart in marts.All)
        {
            yield return Output(
                table(schemas.Analytics, mart.Name),
                mart.Columns.Select(c => (c.Name, (string?)c.TypeName)),
                summary.Exports.FirstOrDefault(e => e.Table == mart.Name)?.Rows,
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
}
