using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Rollups;

/// <summary>
/// A table of counts and sums of a dataset's rows, one row for each value of a column. A <c>create table … as select</c>
/// defines it; the loader computes the same rows while it loads.
/// </summary>
/// <param name="Name">The table.</param>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="Key">The column that the rows are grouped by.</param>
/// <param name="Measures">The other columns, in order.</param>
internal sealed partial record Rollup(string Name, string Dataset, string Key, IReadOnlyList<Rollup.Measure> Measures)
{
    /// <summary>
    /// The table of the loader, in the run's schema. It exists if it has the rows of the whole dataset; otherwise the
    /// statement has to be executed.
    /// </summary>
    public string Loaded => $"{Name}_rollup";

    /// <summary>The select list of the definition.</summary>
    public string Select => string.Join(", ", Measures.Select(m => $"{m.Sql} as {m.Name}").Prepend(Key));

    /// <summary>Reads the definition; null if the statement has another form than the loader can compute.</summary>
    public static Rollup? Parse(string statement)
    {
        var lines = statement.Split('\n').Select(l => l.Split("--")[0].Trim()).Where(l => l.Length > 0);
        if (Statement().Match(string.Join(' ', lines)) is not { Success: true } match)
        {
            return null;
        }

        var measures = match.Groups["measure"].Captures.Select(c => Measure.Parse(c.Value)).ToList();
        return measures.Contains(null)
            ? null
            : new Rollup(
                match.Groups["name"].Value,
                match.Groups["dataset"].Value,
                match.Groups["key"].Value,
                [.. measures.OfType<Measure>()]
            );
    }

    [GeneratedRegex(
        "^create table (?<name>\\w+) as select (?<key>\\w+)(, (?<measure>[^,]+))+ from (?<dataset>\\w+) group by \\k<key>;$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Statement();

    /// <summary>What a column has of the rows of a group.</summary>
    internal enum MeasureKind
    {
        /// <summary>Their number.</summary>
        Rows,

        /// <summary>The sum of a column.</summary>
        Sum,

        /// <summary>The number of those whose column has a value.</summary>
        RowsEqual,

        /// <summary>The number of those where a column is not the product of two others.</summary>
        RowsNotProduct,
    }

    /// <summary>A column that is a count or a sum.</summary>
    /// <param name="Name">The column.</param>
    /// <param name="Kind">What it has.</param>
    /// <param name="Sql">The expression that defines it.</param>
    /// <param name="Columns">The dataset's columns that it reads.</param>
    /// <param name="Value">The value of <see cref="MeasureKind.RowsEqual"/>.</param>
    internal sealed partial record Measure(
        string Name,
        MeasureKind Kind,
        string Sql,
        IReadOnlyList<string> Columns,
        long Value
    )
    {
        /// <summary>Whether the loader can compute it from the dataset's columns as settings declare them.</summary>
        public bool IsComputable(IReadOnlyList<Column> columns) =>
            !columns.Any(c => c.Nullable || c.IsOptional || c.Type.IsText)
            && Kind switch
            {
                MeasureKind.Sum => columns[0].Type.IsSummed || columns[0].Type.Copy == CopyEncoding.TwoBytes,
                MeasureKind.RowsEqual => columns[0].Type is { Scale: 0, Copy: not CopyEncoding.Date },
                MeasureKind.RowsNotProduct => columns[0].Type.Scale == columns[1].Type.Scale + columns[2].Type.Scale,
                _ => true,
            };

        public static Measure? Parse(string item)
        {
            if (Expression().Match(item) is not { Success: true } match)
            {
                return null;
            }

            var columns = match.Groups["column"].Captures.Select(c => c.Value).ToList();
            var kind =
                match.Groups["sum"].Success ? MeasureKind.Sum
                : match.Groups["value"].Success ? MeasureKind.RowsEqual
                : columns.Count > 0 ? MeasureKind.RowsNotProduct
                : MeasureKind.Rows;
            var value = kind == MeasureKind.RowsEqual ? match.Groups["value"].Value : "0";
            return new Measure(
                match.Groups["name"].Value,
                kind,
                match.Groups["sql"].Value,
                columns,
                long.Parse(value, CultureInfo.InvariantCulture)
            );
        }

        [GeneratedRegex(
            "^(?<sql>(?<sum>sum)\\((?<column>\\w+)\\)|count\\(\\*\\)( filter \\(where ("
                + "(?<column>\\w+) = (?<value>[0-9]{1,18})|(?<column>\\w+) <> (?<column>\\w+) \\* (?<column>\\w+))\\))?) as (?<name>\\w+)$",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
        )]
        private static partial Regex Expression();
    }
}
