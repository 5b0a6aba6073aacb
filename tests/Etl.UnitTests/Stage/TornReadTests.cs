using System.Text;
using Etl.Application.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Stage;

/// <summary>What is read does not depend on how the bytes arrive, or on where the buffer ends.</summary>
public sealed class TornReadTests
{
    private static readonly byte[] Nasty =
    [
        .. "\uFEFFreview,product_id,note\r\n"u8,
        .. "5,1,plain\r\n4,2,\"quoted, \"\"twice\"\"\r\nover lines\"\r\n\r\n"u8,
        .. " 3 , \"3\" ,größe\r2,4,\n1,5,\"\"\n9,6,bad\nx,7,\n1,8\n\"1\"x,9,\n"u8,
        .. "5,10,\xC3\n"u8[..6],
        .. "\xFF"u8[..1],
        .. "\n5,1"u8,
        0xFF,
        .. ",\n5,11,"u8,
        .. Encoding.ASCII.GetBytes(new string('y', 1100)),
        .. "\r\n5,12,\"open\r\n5,13,\r\n5,14,end"u8,
    ];

    [Fact]
    public async Task Any_size_of_piece_gives_the_same_rows_rejects_and_hash()
    {
        var quality = new QualityOptions { MaxRecordBytes = 1024 };
        var expected = (await Reading.OfAsync("reviews", Nasty, quality)).Everything();
        expected.ShouldContain("5|14");
        expected.ShouldContain("RecordTooLong");
        expected.ShouldContain("UnclosedQuote");
        expected.ShouldContain("BadUtf8");
        for (var size = 1; size <= 400; size++)
        {
            var torn = await Reading.OfAsync("reviews", Nasty, quality, size, size);
            torn.Everything().ShouldBe(expected, $"pieces of {size}");
        }
    }

    [Fact]
    public async Task A_sink_that_is_full_after_every_row_changes_nothing()
    {
        var rows = string.Concat(Enumerable.Range(1, 5000).Select(i => $"{(i % 5) + 1},{i}\n"));
        var text = $"review,product_id\n{rows}";
        var calm = await Reading.OfAsync("reviews", text);
        var reading = new FullReading();
        (await reading.ReadAsync(text)).Everything().ShouldBe(calm.Everything());
    }

    private sealed class FullReading
    {
        public async Task<Reading> ReadAsync(string text)
        {
            var reading = await Reading.OfAsync("reviews", "");
            reading.FlushEvery = 1;
            var settings = Etl.Infrastructure.Stage.Csv.ParserSettings.Of(new QualityOptions());
            await reading.ReadAsync(Encoding.UTF8.GetBytes(text), settings, int.MaxValue);
            return reading;
        }
    }
}
