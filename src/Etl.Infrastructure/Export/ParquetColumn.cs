using System.Globalization;
using Npgsql;
using Parquet;
using Parquet.Schema;

namespace Etl.Infrastructure.Export;

/// <summary>
/// A column's values of one row group. Every column is optional, so that a setting that lets values be absent does not change
/// the schema of a table.
/// </summary>
internal abstract class ParquetColumn(DataField definition, int ordinal)
{
    public DataField Field => definition;

    protected int Ordinal => ordinal;

    /// <summary>The column of a type of PostgreSQL, at a position of the rows.</summary>
    public static ParquetColumn Of(string name, string sqlType, int ordinal) =>
        sqlType.Split('(')[0] switch
        {
            "bigint" => new Values<long>(new DataField<long?>(name), ordinal),
            "integer" => new Values<int>(new DataField<int?>(name), ordinal),
            "boolean" => new Values<bool>(new DataField<bool?>(name), ordinal),
            "date" => new Values<DateOnly>(new DataField<DateOnly?>(name), ordinal),
            "numeric" => new Values<decimal>(Decimal(name, sqlType), ordinal),
            "text" => new Texts(new DataField<string>(name), ordinal),
            _ => throw new NotSupportedException($"Exports do not support columns of type {sqlType}."),
        };

    /// <summary>Adds a value of the current row.</summary>
    public abstract void Add(NpgsqlDataReader row);

    /// <summary>Writes the values to a row group and forgets them.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);

    private static DecimalDataField Decimal(string name, string sqlType)
    {
        var digits = sqlType[(sqlType.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',');
        return new DecimalDataField(name, Number(digits[0]), Number(digits[1]), isNullable: true);

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    private sealed class Values<T>(DataField definition, int ordinal) : ParquetColumn(definition, ordinal)
        where T : struct
    {
        private readonly List<T?> values = [];

        public override void Add(NpgsqlDataReader row) =>
            values.Add(row.IsDBNull(Ordinal) ? null : row.GetFieldValue<T>(Ordinal));

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            await group.WriteAsync<T>(Field, values.ToArray(), cancellationToken: cancellationToken);
            values.Clear();
        }
    }

    private sealed class Texts(DataField definition, int ordinal) : ParquetColumn(definition, ordinal)
    {
        private readonly List<string?> values = [];

        public override void Add(NpgsqlDataReader row) =>
            values.Add(row.IsDBNull(Ordinal) ? null : row.GetString(Ordinal));

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            await group.WriteAsync(Field, values!);
            cancellationToken.ThrowIfCancellationRequested();
            values.Clear();
        }
    }
}
