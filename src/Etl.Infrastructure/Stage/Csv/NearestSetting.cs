using Etl.Application.Options;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Finds the settings that would map missing columns to fields of a header. It only asks; nothing is guessed.</summary>
internal static class NearestSetting
{
    /// <summary>One question for each missing column that has a likely field; null without any.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="missing">The columns that the header lacks.</param>
    /// <param name="unused">The names of the fields that are no column.</param>
    public static string? Of(Dataset dataset, IReadOnlyList<Column> missing, IReadOnlyList<string> unused)
    {
        var section = $"Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}:Columns";
        var questions = missing
            .Select(c => (Column: c, Field: Nearest(c, unused)))
            .Where(n => n.Field is not null)
            .Select(n => $"{section}:{n.Column.Name} = '{Excerpt.Of(n.Field!)}'?")
            .ToList();
        return questions.Count == 0 ? null : string.Join(" ", questions);
    }

    private static string? Nearest(Column column, IReadOnlyList<string> unused)
    {
        string? Named(NameMatch match) => unused.FirstOrDefault(n => Vocabulary.Match(column.Name, n) == match);

        return Named(NameMatch.Full) ?? Settings.Nearest.To(column.Name, unused) ?? Named(NameMatch.Subject);
    }
}
