using Etl.Application.Extract;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Suggest;

internal sealed class FormatSuggester(ISourceStore source) : IFormatSuggester
{
    public async Task<FormatSuggestion> SuggestAsync(
        Dataset dataset,
        SourceFile file,
        CancellationToken cancellationToken
    )
    {
        var findings = new Findings($"Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}");
        var excerpt = await FileExcerpt.ReadAsync(source, file, cancellationToken);
        if (excerpt.Encoding is { } encoding)
        {
            findings.Set("Encoding", encoding, $"it is not UTF-8; so read it contains '{excerpt.Foreign}'");
        }

        var format = DialectFinder.Find(excerpt, findings);
        var records = ExcerptRecords.Of(excerpt, format);
        var found = 0;
        if (records.Count > 1 && HeaderOf(dataset, records[0], findings) is { } header)
        {
            var rows = records.Skip(1).Where(r => !r.SequenceEqual(header)).ToList();
            found = FindValues(dataset, new ColumnFinder(header, rows), findings);
        }

        return new FormatSuggestion(dataset.Name, file, findings.Settings, findings.Questions) { ColumnsFound = found };
    }

    /// <summary>The first record if it names the fields.</summary>
    private static string[]? HeaderOf(Dataset dataset, string[] first, Findings findings)
    {
        var named = dataset.Columns.Count(c => c.FindIn(first).Count > 0);
        if (named > 0 || !first.Any(f => AmountFinder.ShareOf([f]) > 0 || DateFinder.ShareOf([f]) > 0))
        {
            return first;
        }

        findings.Ask(
            $"The first line is a row: {string.Join(", ", first.Take(8).Select(f => $"'{f}'"))}. What are the fields? "
                + $"{findings.PathOf("HasHeader")} = false, and the names in order: {findings.PathOf("Header:0")} = ..."
        );
        return null;
    }

    /// <returns>The number of columns that were found.</returns>
    private static int FindValues(Dataset dataset, ColumnFinder columns, Findings findings)
    {
        var found = columns
            .Find(dataset, findings)
            .Where(f => f.Value >= 0)
            .Select(f => (Column: dataset.Columns.First(c => c.Name == f.Key), Values: columns.ValuesOf(f.Value)))
            .ToList();
        FindIds(found, findings);
        FindDates(found, findings);
        FindAmounts(found, findings);
        return columns.Named;
    }

    private static void FindIds(List<(Column Column, IReadOnlyList<string> Values)> found, Findings findings)
    {
        foreach (var (column, values) in found.Where(f => f.Column.Id is not null && f.Column.Type == FieldType.Id))
        {
            if (values.FirstOrDefault(v => !ExcerptValue.IsId(v)) is { } text)
            {
                findings.SetPath(Findings.IdPath(column), "Text", $"{column.Name} has values such as '{text}'");
            }
        }
    }

    private static void FindDates(List<(Column Column, IReadOnlyList<string> Values)> found, Findings findings)
    {
        var dates = found.Where(f => f.Column.Type == FieldType.Date).ToList();
        var choice = DateFinder.Choose(dates.SelectMany(d => d.Values));
        if (choice.Others.Count > 0)
        {
            var value = dates.SelectMany(d => d.Values).First(v => DateFinder.Read(v, choice.Others[0]) is not null);
            var options = choice
                .Formats.Take(1)
                .Concat(choice.Others)
                .Take(3)
                .Select(f => $"'{f}' ({DateFinder.Read(value, f):yyyy-MM-dd})");
            findings.Ask(
                $"Which day is '{value}': {string.Join(" or ", options)}? {findings.PathOf("DateFormats:0")} = ..."
            );
        }
        else if (choice.Formats.Any(f => f != "yyyy-MM-dd"))
        {
            for (var i = 0; i < choice.Formats.Count; i++)
            {
                var example = dates
                    .SelectMany(d => d.Values)
                    .First(v => DateFinder.Read(v, choice.Formats[i]) is not null);
                findings.Set($"DateFormats:{i}", choice.Formats[i], $"dates such as '{example}'");
            }
        }

        if (choice.Formats.Any(f => f.EndsWith("zzz", StringComparison.Ordinal)))
        {
            findings.Ask(
                $"In which time zone is a timestamp with an offset a day? {findings.PathOf("TimeZone")} = Europe/Berlin, for example"
            );
        }

        var words = choice.Unread.Where(w =>
            !w.Any(char.IsAsciiDigit) || w.StartsWith("0000", StringComparison.Ordinal)
        );
        foreach (var (i, word) in words.Take(5).Index())
        {
            findings.Set($"NullTokens:{i}", word, $"'{word}' stands where dates are");
        }
    }

    private static void FindAmounts(List<(Column Column, IReadOnlyList<string> Values)> found, Findings findings)
    {
        var numbers = found
            .Where(f => f.Column.Type == FieldType.Money || f.Column.Type == FieldType.Quantity)
            .ToList();
        var values = numbers.SelectMany(n => n.Values).Distinct().ToList();
        if (values.Count == 0)
        {
            return;
        }

        var forms = AmountFinder.Choose(values);
        var example = values.FirstOrDefault(v => new AmountForm('.', null).Read(v) is null || forms.Count > 1) ?? "";
        if (forms.Count > 1 && forms[0].IsStandard)
        {
            forms = [forms[0]];
        }

        if (forms.Count > 1)
        {
            var options = forms.Select(f => $"{f.Read(example)}");
            findings.Ask(
                $"How much is '{example}': {string.Join(" or ", options)}? {findings.PathOf("DecimalSeparator")} = ..., {findings.PathOf("ThousandsSeparator")} = ..."
            );
            return;
        }

        if (forms[0].Decimal != '.')
        {
            findings.Set("DecimalSeparator", $"{forms[0].Decimal}", $"amounts such as '{example}'");
        }

        if (forms[0].Thousands is { } group)
        {
            findings.Set("ThousandsSeparator", $"{group}", $"amounts such as '{values.First(v => v.Contains(group))}'");
        }

        var negative = numbers.Where(n => n.Values.Any(v => forms[0].Read(v) < 0)).ToList();
        foreach (var (i, number) in negative.Index())
        {
            var value = number.Values.First(v => forms[0].Read(v) < 0);
            findings.Set($"AllowNegative:{i}", number.Column.Name, $"values such as '{value}'");
        }
    }
}
