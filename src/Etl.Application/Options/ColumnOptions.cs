#pragma warning disable CA1710 // The configuration binder fills what is a dictionary; its entries are settings, not a mapping.
using System.ComponentModel;
using System.Globalization;

namespace Etl.Application.Options;

/// <summary>
/// Where the values of a column come from. The entries 0, 1 and so on are names in the header, the entry <c>Value</c> is one
/// value for every row. A setting that is a single text is the only name.
/// </summary>
[TypeConverter(typeof(FromText))]
public sealed class ColumnOptions() : Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
{
    /// <summary>The column's names in the header.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. this.Where(e => IsIndex(e.Key))
                .OrderBy(e => int.Parse(e.Key, CultureInfo.InvariantCulture))
                .Select(e => e.Value),
        ];

    /// <summary>The value of every row; null if the values are read from the file.</summary>
    public string? Value => this.GetValueOrDefault(nameof(Value));

    /// <summary>Whether an entry has a meaning.</summary>
    public static bool IsEntry(string key) =>
        IsIndex(key) || string.Equals(key, nameof(Value), StringComparison.OrdinalIgnoreCase);

    private static bool IsIndex(string key) => key.Length is > 0 and < 5 && key.All(char.IsAsciiDigit);

    private sealed class FromText : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            new ColumnOptions { ["0"] = (string)value };
    }
}
