using Etl.Domain.Calendar;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Domain;

public sealed class CalendarTests
{
    private static readonly BusinessCalendar Calendar = new(
        new HashSet<int> { 6, 7 },
        new HashSet<(int, int)> { (5, 1) },
        new HashSet<DateOnly> { new(2026, 4, 3) }
    );

    [Theory]
    [InlineData("2026-05-01", 5, false, true)] // a Friday, free every year
    [InlineData("2027-05-01", 6, false, false)] // the same day on a Saturday is a Saturday
    [InlineData("2026-04-03", 5, false, true)] // a single free Friday
    [InlineData("2027-04-03", 6, false, false)]
    [InlineData("2026-04-02", 4, true, false)]
    [InlineData("2026-05-03", 7, false, false)] // a Sunday is not a public holiday
    public void A_public_holiday_is_a_free_day_from_Monday_to_Friday(string day, int isoDay, bool working, bool holiday)
    {
        var found = Calendar[DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)];
        (found.DayOfWeek, found.Working, found.IsPublicHoliday).ShouldBe((isoDay, working, holiday));
    }

    [Fact]
    public void Days_includes_both_ends_and_the_leap_day() =>
        Calendar
            .Days(new DateOnly(2024, 2, 28), new DateOnly(2024, 3, 1))
            .Select(d => d.Date.Day)
            .ShouldBe([28, 29, 1]);
}
