using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Console;

/// <summary>A run that is published and whose lake failed.</summary>
public sealed class ExportPendingTests(PostgresServer server)
{
    [Fact]
    public async Task A_lake_failure_has_one_status_in_result_ledger_message_and_doctor_until_the_export_succeeds()
    {
        await using var place = await Workplace.CreateAsync(server);
        await FailAsync(place);

        var list = await VerbAsync(place, "runs", "--json");
        var run = list.Json.GetProperty("runs")[0];
        run.GetProperty("status").GetString().ShouldBe("export_pending");
        run.GetProperty("error").GetProperty("code").GetString().ShouldBe("lake");
        JsonSchema.OfDocs.Violations("runs", list.Json).ShouldBeEmpty();
        (await VerbAsync(place, "runs")).Out.ShouldContain("export_pending: lake");
        (await VerbAsync(place, "runs", "show", "20250630-001")).Out.ShouldStartWith(
            "Run 20250630-001: export pending"
        );
        var mail = Directory.GetFiles(Path.Combine(place.Lake, "mail")).ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(mail)).ShouldContain("Subject: Etl 2025-06-30 published, export pending: ");
        var doctor = await VerbAsync(
            place,
            "doctor",
            "--source",
            place.Source,
            "--lake",
            place.Lake,
            "--date",
            Workplace.Day
        );
        doctor.Out.ShouldContain("20250630-001 is published, its export is pending");

        File.Delete(Path.Combine(place.Lake, "analytics_export"));
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        (await VerbAsync(place, "runs")).Out.Split('\n')[1].ShouldStartWith("20250630-001  succeeded  2");
        (await VerbAsync(place, "runs", "show", "20250630-001")).Out.ShouldNotContain("error:");
    }

    [Fact]
    public async Task A_pending_export_is_not_written_to_another_lake()
    {
        await using var place = await Workplace.CreateAsync(server);
        await FailAsync(place);
        var other = Path.Combine(place.Folder, "other");

        var same = await place.RunAsync("--lake", other);
        same.ShouldFail(6, $"its export to file://{place.Lake}");
        same.Json.GetProperty("status").GetString().ShouldBe("export_pending");
        Directory.Exists(other).ShouldBeFalse();
        string[] plan = ["plan", "--source", place.Source, "--date", Workplace.Day, "--json"];
        var planned = await VerbAsync(place, [.. plan, "--lake", other]);
        planned.ExitCode.ShouldBe(6, planned.Error);
        planned.Json.GetProperty("decision").GetString().ShouldBe("other_lake");
        JsonSchema.OfDocs.Violations("plan", planned.Json).ShouldBeEmpty();

        var next = await place.RunAsync("--lake", other, "--date", "2025-07-01");
        next.ExitCode.ShouldBe(0, next.Error);
        Directory.GetDirectories(Path.Combine(other, "analytics_export"), "business_date=*").ShouldHaveSingleItem();
        var forced = await place.RunAsync("--lake", other, "--force");
        forced.ExitCode.ShouldBe(0, forced.Error);
        forced.Json.GetProperty("runId").GetString().ShouldBe("20250630-002");
    }

    private static async Task FailAsync(Workplace place)
    {
        Directory.CreateDirectory(place.Lake);
        await File.WriteAllTextAsync(Path.Combine(place.Lake, "analytics_export"), "in the way");
        var run = await place.RunAsync();
        run.ShouldFail(6, "The lake needs a folder");
        run.Json.GetProperty("status").GetString().ShouldBe("export_pending");
        JsonSchema.OfDocs.Violations("run", run.Json).ShouldBeEmpty();
    }

    private static Task<EtlProcess> VerbAsync(Workplace place, params string[] line) =>
        EtlProcess.RunAsync(place.Folder, [.. line, "--connection", place.Connection]);
}
