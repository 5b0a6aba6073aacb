namespace Etl.Domain.Datasets;

/// <summary>Day numbers of the first of each month that a date may fall in, so that a date is one look-up.</summary>
internal static class DayNumbers
{
    private const int FirstYear = 1900;
    private const int Months = (2199 - FirstYear + 1) * 12;

    private static readonly int[] FirstOfMonth = Fill();

    /// <summary>False where there is no such day in the range.</summary>
    public static bool TryFind(int year, int month, int day, out int dayNumber)
    {
        var index = ((uint)(year - FirstYear) * 12) + (uint)(month - 1);
        if ((uint)(month - 1) > 11 || index >= Months)
        {
            dayNumber = 0;
            return false;
        }

        dayNumber = FirstOfMonth[index] + day - 1;
        return day > 0 && dayNumber < FirstOfMonth[index + 1];
    }

    private static int[] Fill()
    {
        var first = new int[Months + 1];
        for (var i = 0; i < first.Length; i++)
        {
            first[i] = FieldRules.MinDate.AddMonths(i).DayNumber;
        }

        return first;
    }
}
