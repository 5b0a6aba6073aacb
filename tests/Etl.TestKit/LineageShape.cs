using System.Text.Json;
using Shouldly;

namespace Etl.TestKit;

/// <summary>Checks run events against OpenLineage 2-0-2 and the schemas of its facets.</summary>
public static class LineageShape
{
    private static readonly string[] Types = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"];

    /// <summary>Required properties of each facet, in addition to those of every facet.</summary>
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["nominalTime"] = ["nominalStartTime"],
        ["errorMessage"] = ["message", "programmingLanguage"],
        ["jobType"] = ["processingType", "integration"],
        ["schema"] = ["fields"],
        ["version"] = ["datasetVersion"],
        ["dataQualityMetrics"] = ["columnMetrics"],
        ["dataQualityAssertions"] = ["assertions"],
        ["outputStatistics"] = [],
    };

    /// <summary>Fails if an event does not conform.</summary>
    public static void Check(JsonElement run)
    {
        run.GetProperty("eventTime").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
        Types.ShouldContain(run.GetProperty("eventType").GetString());
        CheckUri(run.GetProperty("producer"));
        CheckUri(run.GetProperty("schemaURL")).ShouldEndWith("/2-0-2/OpenLineage.json#/$defs/RunEvent");
        run.GetProperty("run").GetProperty("runId").TryGetGuid(out _).ShouldBeTrue();
        CheckName(run.GetProperty("job"));
        CheckFacets(run.GetProperty("run"), "facets");
        CheckFacets(run.GetProperty("job"), "facets");
        foreach (var (list, own) in new[] { ("inputs", "inputFacets"), ("outputs", "outputFacets") })
        {
            foreach (var dataset in run.TryGetProperty(list, out var all) ? all.EnumerateArray().ToList() : [])
            {
                CheckName(dataset);
                CheckFacets(dataset, "facets");
                CheckFacets(dataset, own);
            }
        }
    }

    private static void CheckFacets(JsonElement holder, string member)
    {
        foreach (var facet in holder.TryGetProperty(member, out var all) ? all.EnumerateObject().ToList() : [])
        {
            CheckUri(facet.Value.GetProperty("_producer"));
            var schema = CheckUri(facet.Value.GetProperty("_schemaURL"));
            if (Required.TryGetValue(facet.Name, out var members))
            {
                members.ShouldAllBe(m => facet.Value.GetProperty(m).ValueKind != JsonValueKind.Null, facet.Name);
                schema.ShouldContain("/spec/facets/");
            }
            else
            {
                facet.Name.ShouldStartWith("etl_", customMessage: "a facet of one's own has a prefix");
            }

            CheckItems(facet.Value, "fields", "name");
            CheckItems(facet.Value, "assertions", "assertion", "success");
        }
    }

    private static void CheckItems(JsonElement facet, string list, params string[] members)
    {
        foreach (var item in facet.TryGetProperty(list, out var all) ? all.EnumerateArray().ToList() : [])
        {
            members.ShouldAllBe(m => item.GetProperty(m).GetRawText().Length > 0);
        }
    }

    private static void CheckName(JsonElement holder)
    {
        holder.GetProperty("namespace").GetString().ShouldNotBeNullOrEmpty();
        holder.GetProperty("name").GetString().ShouldNotBeNullOrEmpty();
    }

    private static string CheckUri(JsonElement text)
    {
        Uri.TryCreate(text.GetString(), UriKind.Absolute, out _).ShouldBeTrue(text.GetRawText());
        return text.GetString()!;
    }
}
