using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>Finds the column of a dataset among the fields of a file, by names and by values.</summary>
/// <param name="header">The names of the fields.</param>
/// <param name="rows">The records below them.</param>
internal sealed class ColumnFinder(IReadOnlyList<string> header, IReadOnlyList<string[]> rows)
{
    private const double MostValues = 0.9;

    private readonly Dictionary<(FieldType Type, int Place), bool> plausible = [];

    /// <summary>The values of a field, without empty ones.</summary>
    public IReadOnlyList<string> ValuesOf(int place) =>
        [.. rows.Where(r => place < r.Length).Select(r => r[place]).Where(v => v.Length > 0)];

    /// <summary>Columns that are in the file by their names, the places of some of which are a question.</summary>
    public int Named { get; private set; }

    /// <summary>The place of each column; -1 where it was not found.</summary>
    public IReadOnlyDictionary<string, int> Find(Dataset dataset, Findings findings)
    {
        var places = dataset.Columns.ToDictionary(
            c => c.Name,
            c => c.FindIn(header) is { Count: > 0 } found ? found[0] : -1
        );
        foreach (var least in (NameMatch[])[NameMatch.Full, NameMatch.Subject, NameMatch.Part])
        {
            foreach (var column in dataset.Columns.Where(c => places[c.Name] < 0))
            {
                places[column.Name] = Choose(column, least, Candidates(dataset, column, places.Values), findings);
            }
        }

        Named = places.Values.Count(p => p >= 0);
        foreach (var column in dataset.Columns.Where(c => places[c.Name] < 0))
        {
            var free = Candidates(dataset, column, places.Values);
            // Two columns can have the values of one field: an order with one shipment, a price with a quantity of one.
            Ask(column, free.Count > 0 ? free : Candidates(dataset, column, taken: []), findings);
        }

        return places;
    }

    /// <summary>The fields that no column has and whose values fit; those of a key alone differ in most rows.</summary>
    private List<int> Candidates(Dataset dataset, Column column, IEnumerable<int> taken)
    {
        var isKey = dataset.Key.SequenceEqual([column.Name]);
        return
        [
            .. Enumerable
                .Range(0, header.Count)
                .Except(taken)
                .Where(i => IsPlausible(column.Type, i))
                .Where(i => !isKey || ValuesOf(i).Distinct().Count() * 2 > ValuesOf(i).Count),
        ];
    }

    /// <summary>
    /// The one field whose name matches to that degree or more; -1 for none or several. A part of the name is enough where no other
    /// field has such values, but never for an id.
    /// </summary>
    private int Choose(Column column, NameMatch least, List<int> candidates, Findings findings)
    {
        var named = candidates.Where(i => Vocabulary.Match(column.Name, header[i]) >= least).ToList();
        if (named.Count != 1 || (least == NameMatch.Part && (IsId(column.Type) || candidates.Count > 1)))
        {
            return -1;
        }

        var values = ValuesOf(named[0]);
        findings.Set(
            $"Columns:{column.Name}",
            header[named[0]],
            $"{values.Count} values such as '{values[0]}' fit {column.Type.Name}"
        );
        return named[0];
    }

    private void Ask(Column column, List<int> candidates, Findings findings)
    {
        var path = findings.PathOf($"Columns:{column.Name}");
        var constant = $"one value for all rows: {path}:Value = ...";
        var named = candidates.Where(i => Vocabulary.Match(column.Name, header[i]) > NameMatch.None).ToList();
        var options = (named.Count > 0 ? named : candidates).Take(6).ToList();
        Named += named.Exists(i => Vocabulary.Match(column.Name, header[i]) == NameMatch.Full) ? 1 : 0;
        var isText =
            column.Id is not null
            && column.Type == FieldType.Id
            && options.Any(i => !ValuesOf(i).All(ExcerptValue.IsId));
        findings.Ask(
            options.Count == 0
                ? $"No field looks like {column.Name}. Has it {constant}"
                : $"Which field is {column.Name}: {string.Join(" or ", options.Select(i => $"'{header[i]}'"))}? "
                    + $"{path} = ..., or {constant}"
                    + (isText ? $" If its values are text, also {Findings.IdPath(column)} = Text." : "")
        );
    }

    private static bool IsId(FieldType type) => type == FieldType.Id || type.IsText;

    private bool IsPlausible(FieldType type, int place)
    {
        if (!plausible.TryGetValue((type, place), out var known))
        {
            known = plausible[(type, place)] = AreValues(type, ValuesOf(place));
        }

        return known;
    }

    private static bool AreValues(FieldType type, IReadOnlyList<string> values) =>
        type.Rule switch
        {
            FieldRule.Date => DateFinder.ShareOf(values) >= MostValues,
            FieldRule.Money => DateFinder.ShareOf(values) < MostValues && AmountFinder.ShareOf(values) >= MostValues,
            FieldRule.Quantity => ShareOf(values, ExcerptValue.IsWhole) >= MostValues,
            FieldRule.Stars => ShareOf(values, v => v is [>= '1' and <= '5']) >= MostValues,
            _ => values.Count > 0
                && DateFinder.ShareOf(values) < MostValues
                && values.All(v => v.Length <= 200 && !v.Contains('\n')),
        };

    private static double ShareOf(IReadOnlyList<string> values, Func<string, bool> isOne) =>
        values.Count == 0 ? 0 : (double)values.Count(isOne) / values.Count;
}
