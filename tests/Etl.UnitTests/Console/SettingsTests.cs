using Shouldly;
using Xunit;

namespace Etl.UnitTests.Console;

public sealed class SettingsTests
{
    private readonly Screen screen = new();

    [Fact]
    public async Task All_errors_are_reported_together_with_names_and_fixes()
    {
        var code = await screen.RunAsync(
            "run",
            "--source",
            "somewhere",
            "--lake",
            "elsewhere",
            "--connection",
            "postgresql://user:secret@host:notaport/db",
            "--Etl:Quality:MaxRejectedPercent=plenty",
            "--Etl:Quality:OnEmptyFile=shrug",
            "--Etl:Run:LeaseSeconds=1",
            "--Etl:Schedule:TimeZone=Europe/Atlantis",
            "--Etl:Calendar:FixedHolidays:0=13-32",
            "--Etl:Calendar:WeekendDays=6",
            "--Etl:Analytics:LateAfterDays=0",
            "--Etl:Ids:Order=uuid",
            "--Etl:Sauce:Uri=x",
            "--Etl:Quality:MaxRejectedPercents=1"
        );
        code.ShouldBe(2);
        foreach (
            var exception in new[]
            {
                "Etl:Quality:MaxRejectedPercent is 'plenty'; give a number",
                "Etl:Quality:OnEmptyFile is 'shrug'; give one of Fail, Warn, Allow.",
                "Etl:Run:LeaseSeconds is 1; give a number of seconds from 2 to 3600.",
                "Etl:Schedule:TimeZone is 'Europe/Atlantis'",
                "Etl:Calendar:WeekendDays is a list",
                "Etl:Ids:Order is 'uuid'; give one of Number, Text.",
                "Etl:Analytics:LateAfterDays is 0; give a number of days from 1 to 365.",
                "Unknown setting Etl:Sauce; did you mean Etl:Source?",
                "Unknown setting Etl:Quality:MaxRejectedPercents; did you mean Etl:Quality:MaxRejectedPercent?",
                "Etl:Postgres:ConnectionString cannot be read",
            }
        )
        {
            screen.Error.ShouldContain(exception);
        }

        screen.Error.ShouldNotContain("secret");
        screen.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Keys_signs_and_requirements_that_no_dataset_can_have_are_refused_with_the_fix()
    {
        var code = await screen.RunAsync(
            "check",
            "--source",
            "somewhere",
            "--Etl:Files:Orders:Key:0=order_id",
            "--Etl:Files:Orders:Key:1=line",
            "--Etl:Files:Orders:AllowNegative:0=order_id",
            "--Etl:Files:Orders:Required=false",
            "--Etl:Files:Reviews:Key:0=product_id",
            "--Etl:Files:Reviews:Key:1=product_id",
            "--Etl:Files:Default:AllowNegative:0=quantity",
            "--Etl:Files:Products:Key:0=product_id"
        );
        code.ShouldBe(2);
        screen
            .Error.Split('\n')[..6]
            .ShouldBe([
                "error: Etl:Files:Default:AllowNegative names columns; set it in the section of a dataset, such as Etl:Files:Orders.",
                "Etl:Files:Orders:Key contains 'line', which is not a column of orders; give some of order_id, customer_id, "
                    + "order_date, product_id, unit_price, quantity, total_price, or one empty entry for no key.",
                "Etl:Files:Orders:AllowNegative contains 'order_id', which is not an amount or a quantity of orders; give some of "
                    + "unit_price, quantity, total_price.",
                "Etl:Files:Orders:Required is false, but no figure is defined without orders; remove the setting.",
                "Etl:Files:Reviews:Key contains a column twice; give it once.",
                "Etl:Files:Products:Key names columns; set it in the section of a dataset, such as Etl:Files:Orders.",
            ]);
    }

    [Fact]
    public async Task Values_out_of_bounds_in_one_section_are_all_listed()
    {
        var code = await screen.RunAsync(
            "migrate",
            "--Etl:Quality:MaxRejectedPercent=101",
            "--Etl:Quality:MaxRejectedRow=5", // an unknown name beside it hides none of the others
            "--Etl:Quality:MaxRejectedRows=-1",
            "--Etl:Quality:MaxRecordBytes=1",
            "--Etl:Quality:UnusualVolumePercent=0",
            "--Etl:Calendar:FixedHolidays:0=13-32",
            "--Etl:Calendar:WeekendDays:0=8",
            "--Etl:Calendar:ExtraHolidays:0=soon",
            "--Etl:Source:Uri=ftp://host/files",
            "--Etl:Lake:Uri=gs://bucket",
            "--Etl:Notify:To=a@b.example,nobody",
            "--Etl:LocalPostgres:TimeoutSeconds=0"
        );
        code.ShouldBe(2);
        screen.Error.ShouldContain("Etl:Quality:MaxRejectedPercent is 101; give a number from 0 to 100.");
        screen.Error.ShouldContain("Etl:Quality:MaxRejectedRows is -1;");
        screen.Error.ShouldContain("Etl:Quality:MaxRecordBytes is 1;");
        screen.Error.ShouldContain("Etl:Quality:UnusualVolumePercent is 0;");
        screen.Error.ShouldContain("Etl:Calendar:FixedHolidays holds '13-32';");
        screen.Error.ShouldContain("Etl:Calendar:WeekendDays holds 8;");
        screen.Error.ShouldContain("Etl:Calendar:ExtraHolidays holds 'soon';");
        screen.Error.ShouldContain("Etl:Source:Uri is ftp://host;");
        screen.Error.ShouldContain("Etl:Lake:Uri is gs://bucket;");
        screen.Error.ShouldContain("Etl:Notify:To is 'a@b.example,nobody';");
        screen.Error.ShouldContain("Etl:LocalPostgres:TimeoutSeconds is 0;");
    }

    [Fact]
    public async Task A_bad_setting_prints_json_too()
    {
        (await screen.RunAsync("run", "--json", "--Etl:Run:KeepRuns=99")).ShouldBe(2);
        var error = screen.Json.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("configuration");
        error.GetProperty("message").GetString()!.ShouldContain("Etl:Run:KeepRuns is 99");
        error.GetProperty("nextStep").GetString()!.ShouldContain("appsettings.json");
    }

    [Fact]
    public async Task Missing_source_and_lake_are_reported_together()
    {
        (await screen.RunAsync("run")).ShouldBe(2);
        screen.Error.ShouldContain("Etl:Source:Uri is not set");
        screen.Error.ShouldContain("Etl:Lake:Uri is not set");
        screen.Error.ShouldContain("--source DIR and --lake DIR");
    }

    [Fact]
    public async Task A_setting_without_a_value_is_bad_usage()
    {
        (await screen.RunAsync("run", "--Etl:Run:KeepRuns")).ShouldBe(2);
        screen.Error.ShouldContain("--Etl:Run:KeepRuns has no value");
    }
}
