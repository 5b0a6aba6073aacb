using System.Text;
using Etl.Application.Options;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Looks for what rejected values have in common: dates that all fit one format, words that often mean NULL, refunds. It
/// names the settings that would read them; a run never uses them by itself.
/// </summary>
internal sealed class RejectHints(Dataset dataset)
{
    private const int MaxWords = 3;

    private readonly string section = $"Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}";
    private readonly List<Candidate>?[] dates = new List<Candidate>?[dataset.Columns.Count];
    private readonly bool[] texts = new bool[dataset.Columns.Count];
    private readonly bool[] refunds = new bool[dataset.Columns.Count];
    private readonly SortedSet<string>?[] words = new SortedSet<string>?[dataset.Columns.Count];

    /// <param name="place">Place of the column in the dataset.</param>
    /// <param name="code">Why it was rejected.</param>
    /// <param name="value">The value.</param>
    public void Count(int place, RejectCode code, ReadOnlySpan<byte> value)
    {
        var column = dataset.Columns[place];
        if (column.Nullable && value.Length < 8 && NullTokens.IsCommon(value))
        {
            var found = words[place] ??= new SortedSet<string>(StringComparer.Ordinal);
            _ = found.Count < MaxWords && found.Add(Excerpt.Of(value));
        }
        else if (IsRefund(column.Type, value))
        {
            refunds[place] = true;
        }
        else if (code == RejectCode.NotANumber)
        {
            texts[place] |= column.Id is not null;
        }
        else if (code == RejectCode.BadDate && dataset.Model is null)
        {
            dates[place] ??= [.. KnownDateFormats.All.Select(f => new Candidate(DateFormat.Parse(f)))];
            for (var i = dates[place]!.Count - 1; i >= 0; i--)
            {
                if (!dates[place]![i].Fits(value))
                {
                    dates[place]!.RemoveAt(i);
                }
            }
        }
    }

    /// <param name="hasRows">Whether some row was read, so that the format of the file is right for some dates.</param>
    /// <param name="hasDuplicates">Whether a row repeats a key.</param>
    public IReadOnlyList<string> All(bool hasRows, bool hasDuplicates) =>
        [
            .. dataset
                .Columns.Select((c, i) => OfDates(c.Name, dates[i] ?? [], hasRows))
                .Concat(dataset.Columns.Select((c, i) => OfWords(c.Name, words[i])))
                .Concat(dataset.Columns.Where((_, i) => texts[i] && !hasRows).Select(OfTexts))
                .Concat(dataset.Columns.Where((_, i) => refunds[i]).Select(OfRefunds))
                .Append(hasDuplicates ? OfDuplicates() : null)
                .OfType<string>(),
        ];

    private string? OfDates(string column, List<Candidate> candidates, bool hasRows)
    {
        var formats = candidates.DistinctBy(c => c.Days).Select(c => c.Format.Text).ToList();
        if (formats.Count != 1)
        {
            return formats.Count == 0
                ? null
                : $"Every rejected {column} fits {string.Join(" and ", formats.Take(3).Select(f => $"'{f}'"))}, as different days:"
                    + $" name the right one in {section}:DateFormats.";
        }

        IEnumerable<string> all = hasRows ? [.. dataset.Format.DateFormats, formats[0]] : formats;
        return $"Every rejected {column} fits '{formats[0]}': set "
            + $"{string.Join(", ", all.Select((f, i) => $"{section}:DateFormats:{i} = '{f}'"))}"
            + $"{(candidates[0].Format.HasOffset ? $", and {section}:TimeZone" : "")}.";
    }

    private static bool IsRefund(FieldType type, ReadOnlySpan<byte> value) =>
        type is { IsSigned: false, WithSign.IsSigned: true }
        && value is [(byte)'-', ..]
        && FieldRules.Read(type.WithSign.Rule, value, out _) == RejectCode.None;

    private string OfRefunds(Column column) =>
        $"If a negative {column.Name} is a refund, add {column.Name} to {section}:AllowNegative.";

    private string OfDuplicates() =>
        $"If several rows may have one {string.Join(" and ", dataset.Key)}, name the columns that together are unique in"
        + $" {section}:Key.";

    private static string OfTexts(Column column) => $"If {column.Name} is text, set Etl:Ids:{column.Id} = 'Text'.";

    private string? OfWords(string column, SortedSet<string>? found) =>
        found is null
            ? null
            : $"If {string.Join(" or ", found)} in {column} means NULL, add it to {section}:NullTokens or"
                + " Etl:Quality:NullTokens.";

    /// <summary>A format, and a hash of the days that it has read.</summary>
    private sealed class Candidate(DateFormat format)
    {
        public DateFormat Format => format;

        public int Days { get; private set; }

        public bool Fits(ReadOnlySpan<byte> value)
        {
            var fits = format.TryRead(value, out var time);
            Days = HashCode.Combine(Days, time.DayNumber);
            return fits;
        }
    }
}
