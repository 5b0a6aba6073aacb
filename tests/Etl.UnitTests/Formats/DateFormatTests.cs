using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Formats;

public sealed class DateFormatTests
{
    [Theory]
    [InlineData("dd.MM.yyyy", "18.01.2025")]
    [InlineData("d.M.yyyy", "8.1.2025")]
    [InlineData("MM/dd/yyyy", "01/18/2025")]
    [InlineData("yyyyMMdd", "20250118")]
    [InlineData("yyyy/M/d", "2025/1/18")]
    [InlineData("dd-MMM-yy", "18-JAN-25")]
    [InlineData("dd-MMM-yyyy", "18-Sep-2025")]
    [InlineData("MMMM d, yyyy", "january 8, 2025")]
    [InlineData("ddd, dd MMM yyyy", "Sat, 18 Jan 2025")]
    [InlineData("dddd d MMMM yyyy", "Saturday 18 January 2025")]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2025-01-18 21:57:05")]
    [InlineData("yyyy-MM-dd HH:mm:ss.FFFFFF", "2025-01-18 21:57:05.123")]
    [InlineData("yyyy-MM-dd HH:mm:ss.FFFFFF", "2025-01-18 21:57:05")]
    [InlineData("yyyy-MM-dd HH:mm:ss.fff", "2025-01-18 21:57:05.123")]
    [InlineData("M/d/yyyy h:mm tt", "1/18/2025 9:57 PM")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss", "2025-01-18T21:57:05")]
    [InlineData("yyyy\\.MM\\.dd", "2025.01.18")]
    [InlineData("s", "2025-01-18T21:57:05")]
    [InlineData("yyyy年MM月dd日", "2025年01月18日")]
    public void A_value_is_read_as_DateTime_reads_it(string format, string value)
    {
        Day(format, value)
            .ShouldBe(
                DateOnly.FromDateTime(
                    DateTime.ParseExact(value, format, CultureInfo.InvariantCulture, DateTimeStyles.None)
                )
            );
        Day(format, value + "x").ShouldBeNull();
        Day(format, value[1..]).ShouldBeNull();
    }

    [Theory]
    [InlineData("dd.MM.yyyy", "31.02.2025")]
    [InlineData("dd.MM.yyyy", "8.1.2025")]
    [InlineData("dd.MM.yyyy", "01.13.2025")]
    [InlineData("dd.MM.yyyy", "18.01.25")]
    [InlineData("dd-MMM-yyyy", "18-Foo-2025")]
    [InlineData("ddd, dd MMM yyyy", "Sun, 18 Jan 2025")]
    [InlineData("yyyy-MM-dd HH:mm", "2025-01-18 24:00")]
    [InlineData("yyyy-MM-dd HH:mm", "2025-01-18 12:60")]
    [InlineData("yyyy-MM-dd h:mm tt", "2025-01-18 13:00 AM")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-01-18T12:00:00+15:00")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-01-18T12:00:00")]
    public void A_value_that_does_not_fit_is_not_read(string format, string value) => Day(format, value).ShouldBeNull();

    [Fact]
    public void Random_values_are_read_as_DateTime_reads_them()
    {
        string[] formats =
        [
            "d.M.yyyy",
            "dd.MM.yyyy",
            "M/d/yyyy",
            "yyyyMMdd",
            "dd-MMM-yyyy",
            "yyyy-MM-dd HH:mm:ss",
            "M/d/yyyy h:mm tt",
            "yyyy-MM-ddTHH:mm:ss.FFF",
        ];
        var random = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var format = formats[random.Next(formats.Length)];
            var value = Mutated(
                new DateTime(1900, 1, 1)
                    .AddSeconds(random.NextInt64(300L * 365 * 86400))
                    .ToString(format, CultureInfo.InvariantCulture),
                random
            );
            DateOnly? expected = DateTime.TryParseExact(
                value,
                format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time
            )
                ? DateOnly.FromDateTime(time)
                : null;
            Day(format, value).ShouldBe(expected, $"'{value}' as {format}");
        }
    }

    [Theory]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-01-18T23:30:00+02:00", "UTC", "2025-01-18")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-01-19T00:30:00+02:00", "UTC", "2025-01-18")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-01-18T22:30:00Z", "Europe/Berlin", null)]
    [InlineData("yyyy-MM-ddTHH:mm:ssK", "2025-01-18T23:30:00Z", "Europe/Berlin", "2025-01-19")]
    [InlineData("yyyy-MM-ddTHH:mm:ssK", "2025-01-18T23:30:00", "Europe/Berlin", "2025-01-18")]
    [InlineData("yyyy-MM-ddTHH:mm:ssZ", "2025-06-30T22:30:00Z", "Europe/Berlin", "2025-07-01")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss'Z'", "2025-06-30T21:59:00Z", "Europe/Berlin", "2025-06-30")]
    [InlineData("yyyy-MM-dd HH:mm:ss 'UTC'", "2025-06-30 22:00:00 UTC", "Europe/Berlin", "2025-07-01")]
    [InlineData("yyyy-MM-dd HH:mm:sszz", "2025-01-18 20:00:00-08", "Asia/Tokyo", "2025-01-19")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-03-30T00:30:00+00:00", "Europe/Berlin", "2025-03-30")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-03-30T22:30:00+00:00", "Europe/Berlin", "2025-03-31")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-10-25T22:30:00+00:00", "Europe/Berlin", "2025-10-26")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "2025-10-26T22:30:00+00:00", "Europe/Berlin", "2025-10-26")]
    public void A_timestamp_with_an_offset_is_a_day_of_the_zone(
        string format,
        string value,
        string zone,
        string? day
    ) => Read(format, value, zone).ShouldBe(day);

    [Fact]
    public void Every_hour_of_two_decades_is_the_day_that_TimeZoneInfo_computes()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var reader = Reader("yyyy-MM-ddTHH:mm:ssK", zone.Id);
        for (var hour = new DateTime(2005, 1, 1, 0, 0, 0, DateTimeKind.Utc); hour.Year < 2026; hour = hour.AddHours(1))
        {
            reader.Read(Encoding.UTF8.GetBytes($"{hour:s}Z"), out var day).ShouldBe(RejectCode.None);
            var local = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(hour, zone));
            if (day != local.DayNumber)
            {
                day.ShouldBe(local.DayNumber, $"{hour:s}");
            }
        }
    }

    [Theory]
    [InlineData("2199-12-31T23:00:00-05:00", RejectCode.OutOfRange)]
    [InlineData("1900-01-01T00:00:00+05:00", RejectCode.OutOfRange)]
    [InlineData("0001-01-01T00:00:00+05:00", RejectCode.OutOfRange)]
    [InlineData("1899-12-31T23:00:00-05:00", RejectCode.None)]
    [InlineData("9999-12-31T23:00:00-05:00", RejectCode.OutOfRange)]
    [InlineData("2025-02-30T23:00:00-05:00", RejectCode.BadDate)]
    public void A_day_of_the_zone_out_of_range_is_rejected(string value, RejectCode code) =>
        Reader("yyyy-MM-ddTHH:mm:sszzz", "UTC").Read(Encoding.UTF8.GetBytes(value), out _).ShouldBe(code);

    [Fact]
    public void The_first_format_that_fits_is_used()
    {
        var reader = DateReader.Of(new FileFormat { DateFormats = ["dd-MM-yyyy", "yyyy-MM-dd"] })!;
        reader.Read("18-01-2025"u8, out var first).ShouldBe(RejectCode.None);
        reader.Read("2025-01-18"u8, out var second).ShouldBe(RejectCode.None);
        first.ShouldBe(second);
        reader.Read("18.01.2025"u8, out _).ShouldBe(RejectCode.BadDate);
        reader.Written.ShouldBe("written dd-MM-yyyy or yyyy-MM-dd");
    }

    [Theory]
    [InlineData("MM/dd/yyyy", "dd/MM/yyyy", true)]
    [InlineData("M/d/yyyy", "dd/MM/yyyy", true)]
    [InlineData("dd/MM/yyyy", "M/d/yyyy", true)]
    [InlineData("dd.MM.yy", "yy.MM.dd", true)]
    [InlineData("yyyyMMdd", "ddMMyyyy", false)]
    [InlineData("MM/dd/yyyy HH:mm", "dd/MM/yyyy H:mm", true)]
    [InlineData("dd.MM.yyyy", "d.M.yyyy", false)]
    [InlineData("dd-MM-yyyy", "yyyy-MM-dd", false)]
    [InlineData("dd.MM.yyyy", "dd.MM.yy", false)]
    [InlineData("MM/dd/yyyy", "dd.MM.yyyy", false)]
    [InlineData("dd-MMM-yyyy", "dd-MM-yyyy", false)]
    public void Two_formats_are_ambiguous_if_they_read_a_text_as_different_days(
        string one,
        string other,
        bool ambiguous
    )
    {
        var (a, b) = (DateFormat.Parse(one), DateFormat.Parse(other));
        var text = DateFormat.FindAmbiguity(a, b);
        (text is not null).ShouldBe(ambiguous, text);
        (DateFormat.FindAmbiguity(b, a) is not null).ShouldBe(ambiguous);
        if (text is not null)
        {
            Day(one, text).ShouldNotBe(Day(other, text));
        }
    }

    [Theory]
    [InlineData("dMyyyy")]
    [InlineData("yyyyMd")]
    public void A_format_that_does_not_read_its_own_text_is_found(string format) =>
        DateFormat.Parse(format).FindUnreadable().ShouldNotBeNull();

    [Theory]
    [InlineData("DD.MM.YYYY", "day")]
    [InlineData("yyyy-mm-dd", "month")]
    [InlineData("dd.MM", "year")]
    [InlineData("dd.MM.yyyy dd", "day")]
    [InlineData("dd.MM.yyyyy", "'yyyyy'")]
    [InlineData("dd.MM.yyyy g", "'g'")]
    [InlineData("dd.MM.yyyy'", "quote")]
    [InlineData("q", "not a format of .NET")]
    [InlineData("", "day")]
    public void A_text_that_is_no_date_format_is_refused(string format, string reason) =>
        Should.Throw<FormatException>(() => DateFormat.Parse(format)).Message.ShouldContain(reason);

    private static string Mutated(string value, Random random)
    {
        if (random.Next(3) > 0)
        {
            return value;
        }

        var letters = value.ToCharArray();
        letters[random.Next(letters.Length)] = "0123456789./- :AM"[random.Next(17)];
        return random.Next(4) == 0 ? new string(letters)[..random.Next(letters.Length)] : new string(letters);
    }

    private static DateOnly? Day(string format, string value) =>
        DateFormat.Parse(format).TryRead(Encoding.UTF8.GetBytes(value), out var time)
            ? DateOnly.FromDayNumber(time.DayNumber)
            : null;

    private static string? Read(string format, string value, string zone) =>
        Reader(format, zone).Read(Encoding.UTF8.GetBytes(value), out var day) == RejectCode.None
            ? FieldType.Date.Format(day)
            : null;

    private static DateReader Reader(string format, string zone) =>
        DateReader.Of(new FileFormat { DateFormats = [format], TimeZone = zone })!;
}
