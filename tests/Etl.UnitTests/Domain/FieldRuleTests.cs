using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

/// <summary>The rules, held against slow ones that say the same in the plainest way.</summary>
public sealed class FieldRuleTests
{
    private static readonly string[] Numbers =
    [
        "",
        "0",
        "1",
        "5",
        "6",
        "00",
        "007",
        "+1",
        "-",
        "-0",
        "-1",
        "1-",
        " 1",
        "1 ",
        "1e3",
        "0x1F",
        "NaN",
        "١",
        "1,5",
        "1.0",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "00009223372036854775807",
        "18446744073709551617",
        "99999999999999999999999",
        "000000000000000000000000001",
        "-9223372036854775808",
        "999999999999999999",
        "1000000000000000000",
    ];

    private static readonly string[] Amounts =
    [
        .. Numbers,
        "19.99",
        ".5",
        "5.",
        ".",
        "-.",
        "0.0",
        "0.00",
        "0.000",
        "-0.00",
        "-0.01",
        "1.234",
        "1.2345678901234567890",
        "1..2",
        "1.2.3",
        "999999999999",
        "999999999999.99",
        "999999999999.9",
        "1000000000000",
        "1000000000000.00",
        "99999999999999999999.99",
        "000000000000000000000001.50",
        "1.x",
        "x.1",
        "1.1x",
        "1.-1",
        "12345678901.23",
        "$5",
        "5€",
    ];

    [Fact]
    public void Ids_quantities_and_stars_are_whole_numbers_of_their_range()
    {
        foreach (var text in Numbers)
        {
            var field = Encoding.UTF8.GetBytes(text);
            FieldRules.ReadId(field, out var id).ShouldBe(Slow(text, long.MaxValue, out var wide), text);
            id.ShouldBe(wide, text);
            FieldRules.ReadQuantity(field, out var quantity).ShouldBe(Slow(text, int.MaxValue, out wide), text);
            ((long)quantity).ShouldBe(wide, text);
            FieldRules.ReadStars(field, out var stars).ShouldBe(Slow(text, 5, out wide), text);
            ((long)stars).ShouldBe(wide, text);
        }
    }

    [Fact]
    public void Amounts_are_exact_and_never_rounded()
    {
        foreach (var text in Amounts)
        {
            FieldRules
                .ReadMoney(Encoding.UTF8.GetBytes(text), out var amount)
                .ShouldBe(SlowMoney(text, out var cents), text);
            amount.Cents.ShouldBe(cents, text);
        }
    }

    [Fact]
    public void A_signed_value_is_that_of_its_digits_with_the_sign()
    {
        foreach (
            var text in Amounts.Concat(["--1", "-2147483647", "-2147483648", "-999999999999.99", "-0.01", "-1.005"])
        )
        {
            var isNegative = text.StartsWith('-');
            var digits = isNegative && text.Length > 1 ? text[1..] : text;
            var money = SlowMoney(digits, out var cents);
            FieldRules
                .Read(FieldRule.SignedMoney, Encoding.UTF8.GetBytes(text), out var amount)
                .ShouldBe(digits.StartsWith('-') ? RejectCode.NotANumber : money, text);
            amount.ShouldBe(isNegative ? -cents : cents, text);
            var quantity = Slow(digits, int.MaxValue, out var number);
            FieldRules
                .Read(FieldRule.SignedQuantity, Encoding.UTF8.GetBytes(text), out var read)
                .ShouldBe(digits.StartsWith('-') ? RejectCode.NotANumber : quantity, text);
            read.ShouldBe(isNegative ? -number : number, text);
        }
    }

    [Theory]
    [InlineData(-1, "-0.01")]
    [InlineData(-123, "-1.23")]
    [InlineData(0, "0.00")]
    [InlineData(99, "0.99")]
    public void An_amount_and_a_sum_are_written_with_their_sign(long cents, string text)
    {
        new Money(cents).ToString().ShouldBe(text);
        FieldType.SignedMoney.Format(cents).ShouldBe(text);
        new ColumnSum("orders", new Column("total_price", FieldType.SignedMoney), cents).ToString().ShouldBe(text);
    }

    [Fact]
    public void Every_day_of_every_year_is_read_as_the_calendar_has_it()
    {
        for (var year = 0; year <= 2400; year += year is > 1890 and < 2210 ? 1 : 13)
        {
            for (var month = 0; month <= 13; month++)
            {
                for (var day = 0; day <= 32; day++)
                {
                    var text = $"{year:0000}-{month:00}-{day:00}";
                    var code = FieldRules.ReadDate(Encoding.UTF8.GetBytes(text), out var number);
                    var isDay = DateOnly.TryParseExact(
                        text,
                        "yyyy-MM-dd",
                        CultureInfo.InvariantCulture,
                        default,
                        out var date
                    );
                    code.ShouldBe(
                        !isDay ? RejectCode.BadDate
                            : date < FieldRules.MinDate || date > FieldRules.MaxDate ? RejectCode.OutOfRange
                            : RejectCode.None,
                        text
                    );
                    if (code == RejectCode.None)
                    {
                        number.ShouldBe(date.DayNumber, text);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("2022-1-01")]
    [InlineData("2022-01-1")]
    [InlineData("2022/01/01")]
    [InlineData("20220101")]
    [InlineData("2022-01-01T00:00:00")]
    [InlineData("2022-01-0x")]
    [InlineData("x022-01-01")]
    [InlineData("-022-01-01")]
    [InlineData("NaT")]
    [InlineData("")]
    public void What_is_not_written_as_an_iso_day_is_no_date(string text) =>
        FieldRules.ReadDate(Encoding.UTF8.GetBytes(text), out _).ShouldBe(RejectCode.BadDate);

    private static RejectCode Slow(string text, long max, out long value)
    {
        value = 0;
        if (!Regex.IsMatch(text, "^-?[0-9]+$"))
        {
            return RejectCode.NotANumber;
        }

        var exact = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        if (text[0] == '-' || exact < 1 || exact > max)
        {
            return RejectCode.OutOfRange;
        }

        value = (long)exact;
        return RejectCode.None;
    }

    private static RejectCode SlowMoney(string text, out long cents)
    {
        cents = 0;
        if (Regex.Match(text, @"^(-?)([0-9]+)(?:\.([0-9]+))?$") is not { Success: true } parts)
        {
            return RejectCode.NotANumber;
        }

        if (parts.Groups[3].Length > 2)
        {
            return RejectCode.TooManyDecimals;
        }

        var digits = parts.Groups[2].Value + parts.Groups[3].Value.PadRight(2, '0');
        var exact = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        if (exact > Money.MaxCents || (parts.Groups[1].Length > 0 && exact != 0))
        {
            return RejectCode.OutOfRange;
        }

        cents = (long)exact;
        return RejectCode.None;
    }

    [Theory]
    [InlineData("a", RejectCode.None)]
    [InlineData("größe, \n\"x\"", RejectCode.None)]
    [InlineData("", RejectCode.OutOfRange)]
    [InlineData("a\0b", RejectCode.OutOfRange)]
    public void A_text_is_any_utf8_without_nul(string text, RejectCode code) =>
        FieldRules.ReadText(Encoding.UTF8.GetBytes(text), 1000).ShouldBe(code);

    [Theory]
    [InlineData(FieldRule.Text, 1000)]
    [InlineData(FieldRule.TextId, 200)]
    public void A_text_has_at_most_a_thousand_bytes_and_an_id_two_hundred_which_are_valid(FieldRule rule, int most)
    {
        Read([.. Enumerable.Repeat((byte)'a', most)]).ShouldBe(RejectCode.None);
        Read([.. Enumerable.Repeat((byte)'a', most + 1)]).ShouldBe(RejectCode.OutOfRange);
        Read([.. Enumerable.Repeat((byte)'a', most - 2), 0xC3, 0xBC]).ShouldBe(RejectCode.None);
        Read([0xC3, (byte)'(']).ShouldBe(RejectCode.BadUtf8);
        Read("a\0"u8).ShouldBe(RejectCode.OutOfRange);

        RejectCode Read(ReadOnlySpan<byte> field)
        {
            var code = FieldRules.Read(rule, field, out var length);
            length.ShouldBe(field.Length);
            return code;
        }
    }
}
