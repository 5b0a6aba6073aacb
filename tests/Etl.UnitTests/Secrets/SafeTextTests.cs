using Etl.Application.Options;
using Etl.Infrastructure.Aws;
using Etl.UnitTests.Console;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Secrets;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("http://user:secret@collector:4318?token=secret", "http://collector:4318")]
    [InlineData("https://hooks.example/services/secret", "https://hooks.example")]
    [InlineData("smtp://user:secret@[::1]:25", "smtp://[::1]:25")]
    [InlineData("http://user:12#secret@host", "the URL")]
    [InlineData("http://user:se/cret@host", "the URL")]
    [InlineData("http://user:secret", "the URL")]
    [InlineData("secret://host", "the URL")]
    [InlineData("secret", "the URL")]
    [InlineData(null, "the URL")]
    public void A_url_is_shown_as_scheme_host_and_port_only(string? url, string shown) =>
        SafeText.Url(url).ShouldBe(shown);

    [Theory]
    [InlineData("file://user:secret@host/data")]
    [InlineData("//user:secret@host/data")]
    [InlineData("s3://user:secret@bucket/data")]
    [InlineData("ftp://user:secret@host/data")]
    [InlineData("host=db password=secret")]
    [InlineData("Host=db;Pwd=secret")]
    public void A_location_that_can_contain_a_secret_is_invalid(string location) =>
        Location.IsKnown(location).ShouldBeFalse();

    [Theory]
    [InlineData("/data/a:b@c")]
    [InlineData("data/business_date=2025-06-30")]
    [InlineData("s3://bucket/next_token=1/a@b")]
    [InlineData("file:///data/in")]
    public void A_location_without_a_secret_is_valid(string location) => Location.IsKnown(location).ShouldBeTrue();

    [Theory]
    [InlineData(
        "--Etl:Telemetry:OtlpEndpoint=ftp://user:hunter22@collector:4318?token=hunter22",
        "ftp://collector:4318"
    )]
    [InlineData("--Etl:Lineage:Url=ftp://user:hunter22@catalog/hunter22", "ftp://catalog")]
    [InlineData("--Etl:Notify:Smtp:Host=smtp://user:hunter22@mail.example:587", "smtp://mail.example:587")]
    [InlineData("--Etl:Notify:Smtp:Host=user:hunter22@mail.example", "a value that is not shown")]
    [InlineData("--Etl:Notify:TopicArn=https://hooks.example/hunter22", "https://hooks.example")]
    [InlineData("--Etl:Source:Uri=ftp://user:hunter22@files.example/in", "ftp://files.example")]
    [InlineData("--Etl:Lake:Uri=file://user:hunter22@files.example/in", "file://files.example")]
    [InlineData("--Etl:Run:KeepRuns=password=hunter22", "Etl:Run:KeepRuns is a value that is not shown")]
    [InlineData("--Etl:Postgres:hunter22=1", "Unknown setting below Etl:Postgres")]
    [InlineData("--Etl:Postgres:ConnectionString:hunter22", "A setting has no value")]
    public async Task An_error_about_a_setting_does_not_show_its_user_information(string setting, string shown)
    {
        var screen = new Screen();
        (await screen.RunAsync("migrate", "--json", setting)).ShouldBe(2);
        screen.Error.ShouldContain(shown);
        screen.Error.ShouldNotContain("hunter22");
        screen.Out.ShouldNotContain("hunter22");
    }

    [Theory]
    [InlineData("Did you mean --connection?", "run", "--conection", "host=x password=hunter22")]
    [InlineData("Did you mean --connection?", "run", "--conection=host=x password=hunter22")]
    [InlineData("Argument 3 of the command line is unknown to etl run.", "run", "--json", "password=hunter22")]
    [InlineData("Argument 2 of the command line is unknown to etl run.", "run", "--hunter22")]
    [InlineData("Unknown verb: argument 1 of the command line.", "hunter22")]
    [InlineData("The value of --last is not a number of rows.", "runs", "--last", "hunter22")]
    [InlineData("The command line cannot be parsed.", "run", "@hunter22")]
    [InlineData("The value of --date is not a date", "run", "--date", "hunter22")]
    [InlineData("The argument ID is not a run ID", "runs", "show", "hunter22")]
    public async Task An_argument_that_can_be_a_secret_is_named_by_its_position(string message, params string[] args)
    {
        var screen = new Screen();
        (await screen.RunAsync(args)).ShouldBe(2);
        screen.Error.ShouldContain(message);
        screen.Error.ShouldNotContain("hunter22");
        screen.Out.ShouldNotContain("hunter22");
    }
}
