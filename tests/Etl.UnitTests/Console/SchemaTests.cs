using System.Text.Json;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

/// <summary>What --json prints without a database, against the schemas of docs/schema.</summary>
public sealed class SchemaTests : IDisposable
{
    private const string NoServer = "Host=127.0.0.1;Port=9;Username=u;Password=hidden";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sample_and_its_check_and_its_plan_and_a_doctor_fit_their_schemas()
    {
        await FitsAsync("sample", 0, "sample", "--out", folder["s"], "--scale", "200", "--dirty", "5");
        string[] place = ["--source", folder["s"], "--date", "2025-06-30"];
        await FitsAsync("check", 4, ["check", .. place]);
        await FitsAsync("check-suggest", 0, ["check", .. place, "--suggest"]);
        place = [.. place, "--lake", folder["lake"], "--connection", NoServer];
        await FitsAsync("plan", 5, ["plan", .. place]);
        await FitsAsync("doctor", 5, ["doctor", .. place]);
    }

    [Fact]
    public async Task A_plan_and_a_doctor_are_also_printed_as_text()
    {
        (await new Screen().RunAsync("sample", "--out", folder["s"], "--scale", "200")).ShouldBe(0);
        string[] place = ["--source", folder["s"], "--date", "2025-06-30", "--lake", folder["lake"]];
        var plan = new Screen();
        (await plan.RunAsync(["plan", .. place, "--connection", NoServer])).ShouldBe(5);
        plan.Out.ShouldContain("A run would fail: business date 2025-06-30");
        plan.Out.ShouldContain("This is a plan: nothing was changed.");
        plan.Error.ShouldContain("error: ");
        var doctor = new Screen();
        (await doctor.RunAsync(["doctor", .. place, "--connection", NoServer])).ShouldBe(5);
        doctor.Out.ShouldContain("A run would fail: 1 error");
        doctor.Out.ShouldNotContain("hidden");
        plan.Out.ShouldContain("DDL, lake write, notifier");
        var check = new Screen();
        (await check.RunAsync(["check", "--source", folder["s"]])).ShouldBe(0);
        check.Out.ShouldContain("Not examined: ");
        $"{plan.Out}{check.Out}".ShouldNotContain("would work");
    }

    [Theory]
    [InlineData("run", "run", "--frobnicate")]
    [InlineData("run", "run")]
    [InlineData("backfill", "backfill")]
    [InlineData("check", "check", "--source", "/nowhere/at/all")]
    [InlineData("check-suggest", "check", "--suggest", "--source", "/nowhere/at/all")]
    [InlineData("plan", "plan")]
    [InlineData("doctor", "doctor", "--Etl:Quality:MaxRejectedPercent=x")]
    [InlineData("runs", "runs", "--last", "many")]
    [InlineData("history", "runs", "show", "yesterday")]
    [InlineData("cost", "runs", "cost", "--month", "May")]
    [InlineData("quarantine-list", "quarantine", "list", "--code", "ugly")]
    [InlineData("quarantine-export", "quarantine", "export")]
    [InlineData("sample", "sample")]
    [InlineData("new", "new", "mart", "A b")]
    [InlineData("migrate", "migrate", "--connection", NoServer)]
    [InlineData("failure", "frobnicate")]
    public async Task A_failure_fits_its_schema_too(string schema, params string[] line) =>
        await FitsAsync(schema, exitCode: null, line);

    [Fact]
    public void A_document_that_violates_its_schema_is_detected()
    {
        var wrong = JsonDocument
            .Parse("""{"status":"fine","exitCode":9,"mood":"low","error":{"code":1,"message":"m"}}""")
            .RootElement;
        JsonSchema
            .OfDocs.Violations("failure", wrong)
            .ShouldBe(
                [
                    "$.error lacks nextStep",
                    "$.error lacks retryable",
                    "$.error.code is Number, not string",
                    "$.exitCode is 9",
                    "$.mood is not described",
                    "$.status is fine",
                ],
                ignoreOrder: true
            );
    }

    private async Task FitsAsync(string schema, int? exitCode, params string[] line)
    {
        var fresh = new Screen();
        var code = await fresh.RunAsync([.. line, "--json"]);
        code.ShouldBe(exitCode ?? code);
        JsonSchema.OfDocs.Violations(schema, fresh.Json).ShouldBeEmpty(fresh.Out);
        fresh.Json.GetProperty("exitCode").GetInt32().ShouldBe(code);
        fresh.Out.ShouldNotContain("hidden");
        fresh.Error.ShouldNotContain("hidden");
    }
}
