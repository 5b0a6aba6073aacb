using Etl.Benchmarks;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.ArchitectureTests.Docs;

public class ScaleTests
{
    [Fact]
    public void The_page_has_the_table_of_the_simulation() =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "scale.md"))
            .ShouldContain(new Simulation().Table(), Case.Sensitive);

    [Fact]
    public void A_step_takes_as_long_as_its_busiest_machines_need()
    {
        var costs = Simulation.Of([
            "--client",
            "4",
            "--pass-on",
            "1",
            "--node-store",
            "2",
            "--node-transform",
            "3",
            "--fixed",
            "0",
            "--cores",
            "1",
        ]);

        // 2.5 million rows: 4 s on the loader and 3 / 2 s on the nodes for each million.
        costs.Seconds(1e6, nodes: 2, loaders: 1, direct: false).ShouldBe(2.5 * (4 + 1.5), tolerance: 1e-9);
        // With eight loaders the coordinator and the nodes need 1 s each.
        costs.Seconds(1e6, nodes: 2, loaders: 8, direct: false).ShouldBe(2.5 * (1 + 1.5), tolerance: 1e-9);
    }
}
