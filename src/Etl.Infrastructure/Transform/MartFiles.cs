using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Postgres;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads marts from the headers of their <c>.sql</c> files.</summary>
internal static partial class MartFiles
{
    private const string Folder = "Transform/Marts";

    /// <summary>The tables that the program is delivered with.</summary>
    public static MartCatalog BuiltIn { get; } = new(Read(Folder));

    /// <param name="file">The file's path; its name is the name of the table.</param>
    /// <param name="text">Header and statement.</param>
    /// <exception cref="EtlException">The header is incomplete or wrong; the message names file and line.</exception>
    public static Mart Parse(string file, string text)
    {
        var header = SqlHeader.Parse(file, text, "grain", "inputs", "key", "columns");
        var columns = header.Items("columns").Select(c => Column(header, c)).ToList();
        var key = header.List("key");
        var unknown = key.FirstOrDefault(k => !columns.Any(c => c is { Nullable: false } && c.Name == k));
        if (unknown is not null)
        {
            throw header.Error("key", $"'{unknown}' is not a column that is not null");
        }

        if (columns.Select(c => c.Name).Distinct().Count() != columns.Count)
        {
            throw header.Error("columns", "a column is there twice");
        }

        var name = Path.GetFileNameWithoutExtension(file);
        return new Mart(name, key, header.List("inputs"), columns, SelectStatement.Parse(file, text)) { File = file };
    }

    private static IEnumerable<Mart> Read(string folder) =>
        SqlFile
            .In(folder)
            .Select(path => (Path: path, Text: SqlFile.Read(path)))
            .OrderBy(f => OrderOf(f.Path, f.Text))
            .Select(f => Parse(f.Path, f.Text));

    /// <summary>Tables without a number come last, by name.</summary>
    private static int OrderOf(string path, string text) =>
        int.TryParse(SqlHeader.Parse(path, text).Find("order"), CultureInfo.InvariantCulture, out var order)
            ? order
            : int.MaxValue;

    private static MartColumn Column(SqlHeader header, string text) =>
        Definition().Match(text) is { Success: true } match
            ? new MartColumn(
                match.Groups["name"].Value,
                match.Groups["id"].Success ? FieldType.Id.SqlType : match.Groups["type"].Value,
                Nullable: !match.Groups["required"].Success,
                IsSigned: match.Groups["signed"].Success
            )
            {
                Id = IdOf(match.Groups["id"].Value),
                SignedAs = ValueOf(match.Groups["signedAs"]),
                NullWithout = ValueOf(match.Groups["without"]),
            }
            : throw header.Error(
                "columns",
                $"'{text}' is not a column; write: name type, name type not null, or name type not null (signed), "
                    + "(signed as dataset.column) or (null without dataset), where type is bigint, integer, numeric(p, 2), boolean, date, text, or id(order), id(product), id(customer), id(shipment)"
            );

    private static string? ValueOf(Group group) => group.Success ? group.Value : null;

    private static IdOf? IdOf(string name) => name.Length > 0 ? Enum.Parse<IdOf>(name, ignoreCase: true) : null;

    /// <summary>The types that an export can write.</summary>
    [GeneratedRegex(
        @"^(?<name>[a-z_][a-z0-9_]{0,62}) (?<type>bigint|integer|numeric\([0-9]{1,2}, [0-2]\)|boolean|date|text|id\((?<id>order|product|customer|shipment)\))"
            + @"(?<required> not null)?(?<signed> \(signed\))?( \(signed as (?<signedAs>[a-z0-9_]+\.[a-z0-9_]+)\))?"
            + @"( \(null without (?<without>[a-z0-9_]+)\))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Definition();
}
