using Etl.Domain.Datasets;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Csv;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>The SQL of a dataset's key. NULL equals NULL, as in <see cref="RowKey"/>.</summary>
internal sealed class KeySql(Dataset dataset)
{
    private readonly Column[] key = [.. dataset.KeyColumns];
    private readonly RowKey encoder = new(dataset);

    /// <summary>The columns of a table, quoted.</summary>
    public string Columns(string alias) => string.Join(", ", key.Select(c => $"{alias}.{Identifier.Quote(c.Name)}"));

    /// <summary>The columns as <see cref="Read"/> reads them.</summary>
    public string RowValues(string alias) => string.Join(", ", key.Select(c => RowValue(alias, c)));

    /// <summary>Whether the keys of two rows are equal; hash joins need the plain equality of columns that cannot be NULL.</summary>
    public string AreEqual(string one, string other) =>
        string.Join(
            " and ",
            key.Select(c => $"{one}.{Identifier.Quote(c.Name)} {Equality(c)} {other}.{Identifier.Quote(c.Name)}")
        );

    /// <summary>Those of some keys that a table has; see <see cref="Among"/>.</summary>
    public string TakenFrom(string table) => $"select distinct {RowValues("t")} from {table} as t {Among("t")}";

    /// <summary>
    /// Joins a table with some keys; $1, $2, … are arrays of the values of each column. See <see cref="Arrays"/>.
    /// </summary>
    public string Among(string alias)
    {
        var arrays = key.Select((c, i) => $"${i + 1}::{(c.Type.IsText ? "text" : "bigint")}[]");
        var names = key.Select((_, i) => $"c{i}");
        var equal = key.Select((c, i) => $"{RowValue(alias, c)} {Equality(c)} k.c{i}");
        return $"join unnest({string.Join(", ", arrays)}) as k ({string.Join(", ", names)}) on {string.Join(" and ", equal)}";
    }

    /// <summary>The parameters of <see cref="Among"/>, from encoded keys.</summary>
    public IEnumerable<object> Arrays(IEnumerable<byte[]> keys)
    {
        var values = keys.Select(k => encoder.Values(k)).ToList();
        return key.Select(
            (c, i) =>
                c.Type.IsText
                    ? (object)values.Select(v => (string?)v[i]).ToArray()
                    : values.Select(v => (long?)v[i]).ToArray()
        );
    }

    /// <summary>A key that was selected by <see cref="RowValues"/>, encoded.</summary>
    public byte[] Read(NpgsqlDataReader reader) =>
        encoder.Encode([.. key.Select((_, i) => reader.IsDBNull(i) ? null : reader.GetValue(i))]);

    private static string RowValue(string alias, Column column) =>
        column.Type.ToRowValue($"{alias}.{Identifier.Quote(column.Name)}");

    private static string Equality(Column column) => column.Nullable ? "is not distinct from" : "=";
}
