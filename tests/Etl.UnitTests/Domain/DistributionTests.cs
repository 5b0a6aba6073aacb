using Etl.Domain;
using Etl.Domain.Datasets;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

/// <summary>The column by which the rows of a dataset are distributed.</summary>
public sealed class DistributionTests
{
    [Fact]
    public void The_built_in_datasets_name_it_and_another_key_does_not_change_it()
    {
        var datasets = DatasetCatalog.BuiltIn.All.Select(d => d.With(d.Columns, [d.Columns[^1].Name]));

        datasets.Select(d => d.DistributionColumn?.Name).ShouldBe(["order_id", "product_id", "order_id"]);
    }

    [Fact]
    public void The_default_is_the_order_then_the_key_then_an_id_and_never_a_column_without_a_value()
    {
        Of(["k"], Plain("k"), Id("product_id", IdOf.Product), Id("order_id", IdOf.Order)).ShouldBe("order_id");
        Of(["k"], Id("product_id", IdOf.Product), Plain("k")).ShouldBe("k");
        Of(["n", "k"], Plain("n") with { Nullable = true }, Plain("k")).ShouldBe("k");
        Of([], Plain("k"), Id("product_id", IdOf.Product)).ShouldBe("product_id");
        Of([], Plain("k")).ShouldBeNull();
    }

    private static string? Of(string[] key, params Column[] columns) =>
        new Dataset("d", ["d.csv"], columns, key).DistributionColumn?.Name;

    private static Column Plain(string name) => new(name, FieldType.Text);

    private static Column Id(string name, IdOf id) => new(name, FieldType.Id) { Id = id };
}
