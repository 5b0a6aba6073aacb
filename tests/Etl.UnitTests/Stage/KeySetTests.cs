using System.Text;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

public sealed class KeySetTests
{
    [Fact]
    public void Known_keys_stay_known_beyond_the_budget_and_new_ones_are_unknown()
    {
        var set = new KeySet(4096);
        var keys = Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes($"key {i}")).ToList();
        var answers = keys.ConvertAll(k => set.Add(k));
        var known = answers.Count(a => a == KeyAnswer.New);

        known.ShouldBeInRange(50, 250);
        answers.ShouldBe([
            .. Enumerable.Repeat(KeyAnswer.New, known),
            .. Enumerable.Repeat(KeyAnswer.Unknown, 1000 - known),
        ]);
        set.IsOverflown.ShouldBeTrue();
        keys.Take(known).ShouldAllBe(k => set.Add(k) == KeyAnswer.Seen && set.Contains(k));
        keys.Skip(known).ShouldAllBe(k => !set.Contains(k));
    }

    [Fact]
    public void Keys_are_equal_where_every_column_is_and_null_is_a_value_of_its_own()
    {
        var key = new RowKey(Sales.Dataset);
        var text = "ab"u8;
        byte[][] keys =
        [
            key.Encode([Row.Text(0, 1), 1, 0, 0, 0], text).ToArray(),
            key.Encode([Row.Text(1, 1), 1, 0, 0, 0], text).ToArray(),
            key.Encode([Row.Text(0, 2), 1, 0, 0, 0], text).ToArray(),
            key.Encode([Row.Text(0, 1), 2, 0, 0, 0], text).ToArray(),
            key.Encode([Row.Text(0, 1), Row.Null, 0, 0, 0], text).ToArray(),
        ];
        keys.Select(Convert.ToHexString).Distinct().Count().ShouldBe(5);
        key.Encode(["a", 1L]).ShouldBe(keys[0]);
        key.Encode(["a", null]).ShouldBe(keys[4]);
        key.Encode([Row.Text(1, 1), 1, 7, 8, 9], "xa"u8).ToArray().ShouldBe(keys[0]);
    }

    [Fact]
    public void A_key_of_one_number_above_0_is_an_id_and_any_other_is_not()
    {
        RowKey.IsId(Of("a")).ShouldBeTrue();
        RowKey.IsId(Of("b")).ShouldBeFalse();
        RowKey.IsId(Of("c")).ShouldBeFalse();
        RowKey.IsId(Of("a", "b")).ShouldBeFalse();
        RowKey.IsId(Of()).ShouldBeFalse();

        static Dataset Of(params string[] key) =>
            new(
                "x",
                ["x.csv"],
                [new("a", FieldType.Id), new("b", FieldType.Money), new("c", FieldType.Date, Nullable: true)],
                key
            );
    }
}
