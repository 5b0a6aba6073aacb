using System.Globalization;
using System.Text;

namespace Etl.Hosts.Console.Samples;

/// <summary>The dates of a sample as text, formatted once.</summary>
internal sealed class DayTexts
{
    private const int Length = 10;

    private readonly int first;
    private readonly byte[] texts;

    public DayTexts(DateOnly lastDay)
    {
        var firstDay = lastDay.AddYears(-4).AddDays(-40);
        first = firstDay.DayNumber;
        var days = lastDay.DayNumber - first + 80;
        var text = new StringBuilder(days * Length);
        for (var i = 0; i < days; i++)
        {
            text.Append(firstDay.AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        texts = Encoding.ASCII.GetBytes(text.ToString());
    }

    public ReadOnlySpan<byte> this[int dayNumber] => texts.AsSpan((dayNumber - first) * Length, Length);
}
