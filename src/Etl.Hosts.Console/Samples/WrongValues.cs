using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>Values that a field must reject, by the code of the rejection.</summary>
internal static class WrongValues
{
    private static readonly Dictionary<(RejectCode, FieldType), byte[][]> All = new()
    {
        [(RejectCode.NotANumber, FieldType.Id)] = Texts("NaN", "NULL", "12a", "1e5", "7.5", "n/a"),
        [(RejectCode.NotANumber, FieldType.Money)] = Texts("NaN", "NULL", "12.", "5;0", "EUR 5", "1e3", "1.2.3"),
        [(RejectCode.NotANumber, FieldType.Quantity)] = Texts("NaN", "NULL", "two", "1.5", "0x10"),
        [(RejectCode.NotANumber, FieldType.Stars)] = Texts("NaN", "NULL", "five", "4.5", "*****"),
        [(RejectCode.OutOfRange, FieldType.Id)] = Texts("0", "-17", "9223372036854775808"),
        [(RejectCode.OutOfRange, FieldType.Money)] = Texts("-1.5", "1000000000000", "99999999999999999999.99"),
        [(RejectCode.OutOfRange, FieldType.Quantity)] = Texts("0", "-1", "2147483648"),
        [(RejectCode.OutOfRange, FieldType.Stars)] = Texts("0", "6", "-3", "10"),
        [(RejectCode.OutOfRange, FieldType.Date)] = Texts("1899-12-31", "2200-01-01", "1000-01-01", "9999-12-31"),
        [(RejectCode.OutOfRange, FieldType.TextId)] = Texts("SKU\0-001", new string('7', 201)),
        [(RejectCode.TooManyDecimals, FieldType.Money)] = Texts("19.999", "0.001", "680.005"),
        [(RejectCode.BadDate, FieldType.Date)] = Texts(
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "05/09/2022",
            "2024-1-5",
            "20240105",
            "NULL",
            "NaT",
            "2024-06-31T00:00:00"
        ),
    };

    /// <summary>Empty where such a field cannot have the error.</summary>
    public static byte[][] Of(RejectCode code, FieldType type) => All.GetValueOrDefault((code, type)) ?? [];

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.ASCII.GetBytes)];
}
