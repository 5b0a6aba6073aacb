using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain;
using Etl.Domain.Runs;
using Shouldly;
using Xunit;
using static Microsoft.Extensions.Options.Options;

namespace Etl.UnitTests.Application;

/// <summary>When a run asks for further loaders.</summary>
public sealed class LoaderRequestTests
{
    private const string Requested = "request loaders of 20260301-001";
    private static readonly RunId Run = RunId.Parse("20260301-001");

    private readonly FakePorts ports = new();

    [Fact]
    public async Task Loaders_are_requested_once_after_the_tables_exist_and_before_parts_are_loaded()
    {
        var result = await StageAsync(loaders: 1, orders: 2);

        ports.Journal.Count(e => e == Requested).ShouldBe(1);
        ports.Journal.IndexOf(Requested).ShouldBe(ports.Journal.IndexOf("prepare") + 1);
        ports.Journal.FindIndex(e => e.StartsWith("load ", StringComparison.Ordinal)).ShouldBe(2);
        result.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public async Task A_run_without_shared_parts_requests_no_loaders(int loaders, int orders)
    {
        await StageAsync(loaders, orders);

        ports.Journal.ShouldNotContain(Requested);
    }

    [Fact]
    public async Task A_replay_requests_no_loaders()
    {
        await StageAsync(loaders: 1, orders: 2, RunId.Parse("20260228-001"));

        ports.Journal.ShouldContain("replay reviews of 20260228-001 with reviews.csv");
        ports.Journal.ShouldNotContain(Requested);
    }

    [Fact]
    public async Task A_request_that_fails_is_a_warning_and_the_run_loads_its_parts_itself()
    {
        ports.Exceptions[Requested] = new EtlException(ErrorCode.Lake, "Access was denied.", "Allow it.");

        var result = await StageAsync(loaders: 1, orders: 2);

        result
            .Warnings.ShouldHaveSingleItem()
            .ShouldBe(
                new RunWarning(
                    RunWarningKind.Loaders,
                    "No loaders were requested for run 20260301-001: Access was denied. Allow it."
                )
            );
        result.Files.Count.ShouldBe(3);
    }

    private Task<StageResult> StageAsync(int loaders, int orders, RunId? baseRun = null)
    {
        var files = DatasetCatalog.BuiltIn.All.ToDictionary(
            d => d.Name,
            d =>
                (IReadOnlyList<SourceFile>)
                    [.. Enumerable.Repeat(ports.Source[d.FileNames[0]], d.Name == "orders" ? orders : 1)]
        );
        var (ledger, quality) = (new FakeLedger(), Create(new QualityOptions()));
        var comparison = new ArrivalComparison(() => ledger, quality);
        var handler = new StageHandler(
            DatasetCatalog.BuiltIn,
            ports,
            ports,
            ports,
            ledger,
            ledger,
            ports,
            new StageInspection(ledger, new FileInspection(quality), comparison, quality),
            Create(new RunOptions { Loaders = loaders })
        );
        return handler.Handle(new StageCommand(Run, 1, files, baseRun), CancellationToken.None);
    }
}
