using System.Text;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.UnitTests.Stage;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Formats;

/// <summary>Two columns of a dataset that the settings read from one field.</summary>
public sealed class SharedColumnTests
{
    private const string Shipments = "order,sent,arrived\n7,2025-06-01,2025-06-02\n\"8\",2025-06-03,\n,2025-06-03,\n";

    [Fact]
    public async Task Both_columns_have_the_values_of_the_field()
    {
        var reading = await ReadAsync(
            "shipments",
            Shipments,
            ("shipment_id", "order"),
            ("order_id", "order"),
            Sent,
            Arrived
        );

        reading.Rows.ShouldBe(["7|7|2025-06-01|2025-06-02", "8|8|2025-06-03|"]);
        reading.Reject.Column.ShouldBe("shipment_id");
    }

    [Fact]
    public async Task An_empty_field_is_rejected_for_the_column_that_reads_it()
    {
        var reading = await ReadAsync(
            "orders",
            "order_id,customer_id,order_date,product_id,unit_price,quantity\n1,2,2025-06-01,3,1.50,1\n2,2,2025-06-01,3,,1\n",
            ("total_price", "unit_price"),
            ("unit_price", "unit_price")
        );

        reading.Rows.ShouldBe(["1|2|2025-06-01|3|1.50|1|1.50"]);
        reading.Reject.Column.ShouldBe("unit_price");
    }

    [Theory]
    [InlineData("shipment_date", "order_id", "has one column for order_id and shipment_date")]
    public async Task Columns_that_hold_something_else_cannot_share_a_field(string column, string field, string message)
    {
        var error = (
            await Should.ThrowAsync<EtlException>(() =>
                ReadAsync(
                    "shipments",
                    "shipment_id,order_id,delivery_date\n1,2,\n",
                    (column, field),
                    ("order_id", field)
                )
            )
        ).Error;

        error.Message.ShouldContain(message);
    }

    private static readonly (string, string) Sent = ("shipment_date", "sent");
    private static readonly (string, string) Arrived = ("delivery_date", "arrived");

    private static Task<Reading> ReadAsync(string dataset, string text, params (string Column, string Field)[] mapping)
    {
        var described = DatasetCatalog.BuiltIn.Named(dataset);
        var names = mapping.ToDictionary(m => m.Column, m => (IReadOnlyList<string>)[m.Field]);
        return Reading.OfAsync(
            described with
            {
                Format = described.Format with { ColumnNames = names },
            },
            Encoding.UTF8.GetBytes(text),
            new QualityOptions()
        );
    }
}
