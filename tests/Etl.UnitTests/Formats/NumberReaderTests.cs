using System.Text;
using Etl.Domain.Datasets;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Formats;

public sealed class NumberReaderTests
{
    [Theory]
    [InlineData("11,50", ',', null, 1150L)]
    [InlineData("11", ',', null, 1100L)]
    [InlineData("1013,5", ',', ".", 101350L)]
    [InlineData("1.013,50", ',', ".", 101350L)]
    [InlineData("12.345.678,90", ',', ".", 1234567890L)]
    [InlineData("1,013.50", '.', ",", 101350L)]
    [InlineData("1'013.50", '.', "'", 101350L)]
    [InlineData("1 013,50", ',', " ", 101350L)]
    [InlineData("1\u202F013,50", ',', "\u202F", 101350L)]
    [InlineData("1\u00A0013\u00A0013,50", ',', "\u00A0", 101301350L)]
    public void An_amount_is_read_with_its_separators(string value, char point, string? group, long cents) =>
        Read(FieldRule.Money, value, point, group).ShouldBe((RejectCode.None, cents));

    [Theory]
    [InlineData("1.5", ',', ".", RejectCode.NotANumber)] // never 15
    [InlineData("1.50", ',', ".", RejectCode.NotANumber)]
    [InlineData("1.0000", ',', ".", RejectCode.NotANumber)]
    [InlineData("1234.567,00", ',', ".", RejectCode.NotANumber)]
    [InlineData(".500,00", ',', ".", RejectCode.NotANumber)]
    [InlineData("1..500", ',', ".", RejectCode.NotANumber)]
    [InlineData("1.500.", ',', ".", RejectCode.NotANumber)]
    [InlineData("1,500.00", ',', ".", RejectCode.NotANumber)]
    [InlineData("11.50", ',', null, RejectCode.NotANumber)]
    [InlineData("11,5,0", ',', null, RejectCode.NotANumber)]
    [InlineData("11,", ',', null, RejectCode.NotANumber)]
    [InlineData("11,505", ',', null, RejectCode.TooManyDecimals)]
    [InlineData("1.013,505", ',', ".", RejectCode.TooManyDecimals)]
    [InlineData("-1.013,50", ',', ".", RejectCode.OutOfRange)]
    [InlineData("9.999.999.999.999,00", ',', ".", RejectCode.OutOfRange)]
    [InlineData("1.\u0660\u0660\u0660,00", ',', ".", RejectCode.NotANumber)]
    public void A_number_with_other_separators_is_rejected(string value, char point, string? group, RejectCode code) =>
        Read(FieldRule.Money, value, point, group).Code.ShouldBe(code);

    [Theory]
    [InlineData(FieldRule.Quantity, "1.500", 1500L)]
    [InlineData(FieldRule.Id, "1.234.567", 1234567L)]
    [InlineData(FieldRule.Id, "9223372036854775807", long.MaxValue)]
    [InlineData(FieldRule.Stars, "5", 5L)]
    public void Whole_numbers_can_be_grouped(FieldRule rule, string value, long number) =>
        Read(rule, value, ',', ".").ShouldBe((RejectCode.None, number));

    [Theory]
    [InlineData(FieldRule.Money, "11,5000", "11.50")]
    [InlineData(FieldRule.Money, ",50", "0.50")]
    [InlineData(FieldRule.Money, "+1.013,50", "1013.50")]
    [InlineData(FieldRule.Money, "=\"1.013,50\"", "1013.50")]
    [InlineData(FieldRule.Id, "101,0", "101")]
    public void A_form_without_a_lost_digit_has_the_declared_separators(FieldRule rule, string value, string simple)
    {
        Span<byte> buffer = stackalloc byte[FieldForms.MaxBytes + 1];
        var reader = NumberReader.Of(rule, new FileFormat { DecimalSeparator = ',', ThousandsSeparator = "." });
        FieldForms.TrySimplify(rule, reader, Encoding.UTF8.GetBytes(value), buffer, out var length).ShouldBeTrue();
        Encoding.UTF8.GetString(buffer[..length]).ShouldBe(simple);
    }

    [Theory]
    [InlineData("101.0")]
    [InlineData("1.50")]
    public void A_form_with_other_separators_is_none(string value)
    {
        Span<byte> buffer = stackalloc byte[FieldForms.MaxBytes + 1];
        var reader = NumberReader.Of(FieldRule.Id, new FileFormat { DecimalSeparator = ',' });
        FieldForms.TrySimplify(FieldRule.Id, reader, Encoding.UTF8.GetBytes(value), buffer, out _).ShouldBeFalse();
    }

    private static (RejectCode Code, long Value) Read(FieldRule rule, string value, char point, string? group)
    {
        var format = new FileFormat { DecimalSeparator = point, ThousandsSeparator = group };
        var reader = NumberReader.Of(rule, format);
        var code = FieldRules.Read(
            reader is null ? rule : FieldRule.Declared,
            Encoding.UTF8.GetBytes(value),
            out var number,
            reader
        );
        return (code, number);
    }
}
