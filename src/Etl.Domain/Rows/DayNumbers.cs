namespace Etl.Domain.Rows;

/// <summary>Day numbers of the first of each month that a date may fall in, so that a date is one look-up.</summary>
internal static class DayNumbers
{
    private static readonly int[] FirstOfMonth = Fill();

    public static int Of(int year, int month, int day) =>
        FirstOfMonth[((year - FieldRules.MinDate.Year) * 12) + month - 1] + day - 1;

    private static int[] Fill()
    {
        var first = new int[(FieldRules.MaxDate.Year - FieldRules.MinDate.Year + 1) * 12];
        for (var i = 0; i < first.Length; i++)
        {
            first[i] = FieldRules.MinDate.AddMonths(i).DayNumber;
        }

        return first;
    }
}
