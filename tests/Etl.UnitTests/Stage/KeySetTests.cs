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

    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    public void Keys_of_any_length_that_differ_in_one_byte_are_different(int expected)
    {
        var set = new KeySet(16 << 20, expected);
        var keys = new List<byte[]>();
        for (var length = 0; length <= 40; length++)
        {
            var key = Enumerable.Repeat((byte)'a', length).ToArray();
            keys.Add(key);
            keys.AddRange(
                Enumerable.Range(0, length).Select(i => key.Select((b, n) => n == i ? (byte)'b' : b).ToArray())
            );
        }

        keys.AddRange(Enumerable.Range(0, 100_000).Select(i => Encoding.UTF8.GetBytes($"#{i}")));
        keys.ShouldAllBe(k => set.Add(k) == KeyAnswer.New);
        keys.ShouldAllBe(k => set.Add(k) == KeyAnswer.Seen);
        keys.Select(k => KeySet.HashOf(k)).Distinct().Count().ShouldBeGreaterThan(keys.Count - 20);
    }

    [Fact]
    public void A_set_that_expects_many_keys_keeps_its_budget()
    {
        var set = new KeySet(4096, expected: long.MaxValue / 8);
        var known = Enumerable.Range(0, 1000).Count(i => set.Add(Encoding.UTF8.GetBytes($"key {i}")) == KeyAnswer.New);
        known.ShouldBeInRange(50, 250);
    }

    [Fact]
    public void A_key_of_one_text_is_its_bytes()
    {
        var key = new RowKey(Configured.TextIds.Named("orders"));
        key.Encode([Row.Text(1, 3), 0, 0, 0, 0, 0, 0], "x#1 "u8).ToArray().ShouldBe("#1 "u8.ToArray());
        key.Encode(["#1 "]).ShouldBe("#1 "u8.ToArray());
        key.Describe([Row.Text(0, 2), 0, 0, 0, 0, 0, 0], "#1"u8).ShouldBe("'#1'");
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
