using System.Globalization;

namespace Etl.Domain.Datasets;

/// <summary>
/// What a column holds, and everything that derives from it: how a field is read, checked, stored, sent to the database,
/// added up and shown. A value of every type is one <see cref="long"/> in a row: an id or a quantity as it is, an amount
/// in hundredths, a day as <see cref="DateOnly.DayNumber"/>, a text as its position in the record.
/// </summary>
public sealed class FieldType
{
    private const string Written = "written yyyy-MM-dd";

    private FieldType() { }

    /// <summary>A bigint above 0.</summary>
    public static FieldType Id { get; } =
        new()
        {
            Name = "id",
            Rule = FieldRule.Id,
            Expected = $"a whole number from 1 to {long.MaxValue}",
            SqlType = "bigint",
            Copy = CopyEncoding.EightBytes,
            Width = 8,
            IsPositive = true,
            IsAnalyzed = true,
        };

    /// <summary>A day, yyyy-MM-dd, 1900-01-01 to 2199-12-31.</summary>
    public static FieldType Date { get; } =
        new()
        {
            Name = "date",
            Rule = FieldRule.Date,
            Expected = $"a day {Written}, from 1900-01-01 to 2199-12-31",
            SqlType = "date",
            Copy = CopyEncoding.Date,
            Width = 4,
            IsPositive = true,
            IsAnalyzed = true,
            RowValueSql = "({0} - date '0001-01-01')::bigint",
            Show = v => DateOnly.FromDayNumber((int)v).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

    /// <summary>An amount of numeric(14,2), 0 or more, at most two decimals.</summary>
    public static FieldType Money { get; } =
        new()
        {
            Name = "money",
            Rule = FieldRule.Money,
            Expected = "an amount from 0 to 999999999999.99 with at most two decimals",
            SqlType = "numeric(14, 2)",
            Copy = CopyEncoding.Hundredths,
            IsSummed = true,
            Scale = 2,
            RowValueSql = "({0} * 100)::bigint",
            Show = v => new Money(v).ToString(),
        };

    /// <summary>An int above 0.</summary>
    public static FieldType Quantity { get; } =
        new()
        {
            Name = "quantity",
            Rule = FieldRule.Quantity,
            Expected = $"a whole number from 1 to {int.MaxValue}",
            SqlType = "integer",
            Copy = CopyEncoding.FourBytes,
            Width = 4,
            IsPositive = true,
            IsSummed = true,
        };

    /// <summary>An amount of numeric(14,2) that may be negative, as those of refunds are.</summary>
    public static FieldType SignedMoney { get; } =
        new()
        {
            Name = "signed_money",
            Rule = FieldRule.SignedMoney,
            Expected = "an amount from -999999999999.99 to 999999999999.99 with at most two decimals",
            SqlType = Money.SqlType,
            Copy = Money.Copy,
            IsSummed = true,
            Scale = Money.Scale,
            RowValueSql = Money.RowValueSql,
            Show = Money.Show,
        };

    /// <summary>An int above or below 0.</summary>
    public static FieldType SignedQuantity { get; } =
        new()
        {
            Name = "signed_quantity",
            Rule = FieldRule.SignedQuantity,
            Expected = $"a whole number from -{int.MaxValue} to {int.MaxValue}, not 0",
            SqlType = Quantity.SqlType,
            Copy = Quantity.Copy,
            Width = Quantity.Width,
            IsSummed = true,
        };

    /// <summary>A review's points, 1 to 5.</summary>
    public static FieldType Stars { get; } =
        new()
        {
            Name = "stars",
            Rule = FieldRule.Stars,
            Expected = "a whole number from 1 to 5",
            SqlType = "smallint",
            Copy = CopyEncoding.TwoBytes,
            Width = 2,
            IsPositive = true,
        };

    /// <summary>
    /// Text of 1 to <see cref="FieldRules.MaxTextBytes"/> bytes of UTF-8 without NUL, compared by its bytes. Blanks
    /// around it do not belong to it, within quotes neither.
    /// </summary>
    public static FieldType Text { get; } =
        new()
        {
            Name = "text",
            Rule = FieldRule.Text,
            Expected = $"text of 1 to {FieldRules.MaxTextBytes} bytes without a NUL character",
            SqlType = "text collate \"C\"",
            Copy = CopyEncoding.Text,
            MaxBytes = FieldRules.MaxTextBytes,
            RowValueSql = "{0}",
        };

    /// <summary>
    /// An id of 1 to <see cref="FieldRules.MaxIdBytes"/> bytes of UTF-8 without NUL, such as a UUID, compared by its bytes. It
    /// is never changed: an export does not guard it against formulas, as it would no longer join.
    /// </summary>
    public static FieldType TextId { get; } =
        new()
        {
            Name = "text_id",
            Rule = FieldRule.TextId,
            Expected = $"text of 1 to {FieldRules.MaxIdBytes} bytes without a NUL character",
            SqlType = Text.SqlType,
            Copy = CopyEncoding.Text,
            MaxBytes = FieldRules.MaxIdBytes,
            IsAnalyzed = true,
            RowValueSql = Text.RowValueSql,
        };

    /// <summary>All types.</summary>
    public static IReadOnlyList<FieldType> All { get; } =
    [Id, Date, Money, Quantity, SignedMoney, SignedQuantity, Stars, Text, TextId];

    /// <summary>The name in lower case, such as <c>money</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The rule that reads a field, as a small integer: the inner loop jumps by it.</summary>
    public required FieldRule Rule { get; init; }

    /// <summary>What a value must be, as the end of a message.</summary>
    public required string Expected { get; init; }

    /// <summary>What a value must be in a file with a declared format.</summary>
    /// <param name="written">How values are written; see <see cref="FieldReader.Written"/>.</param>
    public string ExpectedAs(string written) =>
        Rule == FieldRule.Date
            ? Expected.Replace(Written, written, StringComparison.Ordinal)
            : $"{Expected}, {written}";

    /// <summary>The column's type in PostgreSQL, with its collation.</summary>
    public required string SqlType { get; init; }

    /// <summary>How a value is written in PostgreSQL's binary COPY format.</summary>
    public required CopyEncoding Copy { get; init; }

    /// <summary>Bytes of a stored value, which are its alignment too; 0 where the width varies.</summary>
    public int Width { get; init; }

    /// <summary>Whether every value is above 0 as a <see cref="long"/>.</summary>
    public bool IsPositive { get; init; }

    /// <summary>Whether the sum of the values means something, so that loads are reconciled by it.</summary>
    public bool IsSummed { get; init; }

    /// <summary>Decimals of a value; the <see cref="long"/> is the value times 10 to this power.</summary>
    public int Scale { get; init; }

    /// <summary>Whether the plans of the transform need statistics of the column.</summary>
    public bool IsAnalyzed { get; init; }

    /// <summary>Most bytes of a text; 0 for other types.</summary>
    public int MaxBytes { get; init; }

    /// <summary>Whether a value may be below 0.</summary>
    public bool IsSigned => Rule.IsSigned();

    /// <summary>The type whose values may be below 0 too; null if there is none.</summary>
    public FieldType? WithSign =>
        this == Money || this == SignedMoney ? SignedMoney
        : this == Quantity || this == SignedQuantity ? SignedQuantity
        : null;

    /// <summary>Whether a value is text.</summary>
    public bool IsText => Rule.IsText();

    /// <summary>The type's name without blanks and collation, for lineage and reports, such as <c>numeric(14,2)</c>.</summary>
    public string TypeName => NameOf(SqlType);

    /// <summary>The name of a type of PostgreSQL without blanks and collation.</summary>
    public static string NameOf(string sqlType) =>
        sqlType.Split(" collate ")[0].Replace(" ", "", StringComparison.Ordinal);

    private string RowValueSql { get; init; } = "{0}::bigint";

    private Func<long, string> Show { get; init; } = v => v.ToString(CultureInfo.InvariantCulture);

    /// <summary>The SQL that turns a column's value into the value of a row: a bigint, or text.</summary>
    /// <param name="column">The column, quoted.</param>
    public string ToRowValue(string column) => RowValueSql.Replace("{0}", column, StringComparison.Ordinal);

    /// <summary>A value of a row as people write it; not for text.</summary>
    public string Format(long value) => Show(value);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The rules of <see cref="FieldRules"/>.</summary>
public enum FieldRule
{
    /// <inheritdoc cref="FieldType.Id"/>
    Id,

    /// <inheritdoc cref="FieldType.Date"/>
    Date,

    /// <inheritdoc cref="FieldType.Money"/>
    Money,

    /// <inheritdoc cref="FieldType.Quantity"/>
    Quantity,

    /// <inheritdoc cref="FieldType.SignedMoney"/>
    SignedMoney,

    /// <inheritdoc cref="FieldType.SignedQuantity"/>
    SignedQuantity,

    /// <inheritdoc cref="FieldType.Stars"/>
    Stars,

    /// <summary>Read by the <see cref="FieldReader"/> of a file's declared format; the rule of no type.</summary>
    Declared,

    /// <inheritdoc cref="FieldType.Text"/>
    Text,

    /// <inheritdoc cref="FieldType.TextId"/>
    TextId,
}

/// <summary>Properties of rules.</summary>
public static class FieldRuleExtensions
{
    /// <summary>Whether the value is text: those rules come last, so that the inner loop needs one comparison.</summary>
    public static bool IsText(this FieldRule rule) => rule >= FieldRule.Text;

    /// <summary>Whether the value is an amount.</summary>
    public static bool IsMoney(this FieldRule rule) => rule is FieldRule.Money or FieldRule.SignedMoney;

    /// <summary>Whether the value may be below 0.</summary>
    public static bool IsSigned(this FieldRule rule) => rule is FieldRule.SignedMoney or FieldRule.SignedQuantity;
}

/// <summary>The forms of a value in PostgreSQL's binary COPY format.</summary>
public enum CopyEncoding
{
    /// <summary>A bigint.</summary>
    EightBytes,

    /// <summary>An integer.</summary>
    FourBytes,

    /// <summary>A smallint.</summary>
    TwoBytes,

    /// <summary>A date, from a day number.</summary>
    Date,

    /// <summary>A numeric with two decimals, from hundredths.</summary>
    Hundredths,

    /// <summary>UTF-8 text.</summary>
    Text,
}
