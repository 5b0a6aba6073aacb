using System.Text;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

public sealed class KeyLookupTests
{
    private static readonly Dataset Sales = TestKit.Sales.Dataset;
    private static readonly Dataset Numbers = DatasetCatalog.BuiltIn.Named("shipments");

    [Theory]
    [InlineData("text")]
    [InlineData("number")]
    public void Beyond_its_memory_every_key_that_occurs_again_is_seen_or_a_candidate(string kind)
    {
        var lookup = new KeyLookup(kind == "text" ? Sales : Numbers, budgetBytes: 512 * 1024);
        var keys = Scattered(40_000);
        keys.Count(k => Add(lookup, kind, k) == KeyAnswer.Unknown).ShouldBeLessThan(2000);

        var again = keys.Where((_, i) => i % 100 == 0).ToList();
        var answers = again.ConvertAll(k => Add(lookup, kind, k));

        answers.ShouldNotContain(KeyAnswer.New);
        answers.ShouldContain(KeyAnswer.Seen);
        lookup.IsComplete.ShouldBeFalse();
        var candidates = lookup.Candidates.ShouldNotBeNull();
        candidates.Count.ShouldBe(candidates.Keys.Count());
        again
            .Where((_, i) => answers[i] == KeyAnswer.Unknown)
            .All(k => candidates.Contains(lookup.Encode(RowOf(kind, k), TextOf(k))))
            .ShouldBeTrue();
    }

    [Fact]
    public void With_memory_for_all_keys_every_answer_is_final()
    {
        var lookup = new KeyLookup(Sales, budgetBytes: 16 << 20);
        var keys = Scattered(10_000);
        keys.ShouldAllBe(k => Add(lookup, "text", k) == KeyAnswer.New);
        keys.ShouldAllBe(k => Add(lookup, "text", k) == KeyAnswer.Seen);
        lookup.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void More_candidates_than_memory_make_any_key_a_candidate()
    {
        var lookup = new KeyLookup(Sales, budgetBytes: 16 * 1024);
        var keys = Scattered(2000);
        keys.ForEach(k => Add(lookup, "text", k));
        keys.ForEach(k => Add(lookup, "text", k));
        lookup.IsComplete.ShouldBeFalse();
        lookup.Candidates.ShouldBeNull();
    }

    [Fact]
    public void A_filter_with_20_bits_for_each_key_takes_few_new_keys_for_known_ones_and_no_known_key_for_a_new_one()
    {
        const int Keys = 100_000;
        var filter = new KeyFilter(Keys * 20 / 8);
        var hashes = Enumerable.Range(0, Keys).Select(i => KeySet.HashOf(BitConverter.GetBytes(i))).ToList();
        hashes.Count(h => !filter.Add(h)).ShouldBeLessThan(Keys / 1000);
        hashes.ShouldAllBe(h => !filter.Add(h));
    }

    [Theory]
    [InlineData("ab", 5L)]
    [InlineData("", 0L)]
    [InlineData("größe", null)]
    public void An_encoded_key_has_its_values(string text, long? number)
    {
        var key = new RowKey(Sales);
        key.Values(key.Encode([text, number])).ShouldBe([text, number]);
        var one = new RowKey(Configured.TextIds.Named("orders"));
        one.Values(one.Encode([text])).ShouldBe([text]);
    }

    private static KeyAnswer Add(KeyLookup lookup, string kind, long key) =>
        lookup.Add(RowOf(kind, key), kind == "text" ? TextOf(key) : []);

    private static long[] RowOf(string kind, long key) =>
        kind == "text" ? [Row.Text(0, TextOf(key).Length), Row.Null, 0, 0, 0] : [key, 1, Row.Null, Row.Null];

    private static byte[] TextOf(long key) => Encoding.UTF8.GetBytes($"#{key}");

    private static List<long> Scattered(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(1, long.MaxValue))];
    }
}
