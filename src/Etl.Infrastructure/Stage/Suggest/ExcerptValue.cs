using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>What a value of a excerpt is, by the rules of the reader.</summary>
internal static class ExcerptValue
{
    /// <summary>Whether it is a number of an id, in one of the forms that are read.</summary>
    public static bool IsId(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Span<byte> simple = stackalloc byte[FieldForms.MaxBytes + 1];
        return FieldRules.ReadId(bytes, out _) == RejectCode.None
            || (
                FieldForms.TrySimplify(FieldRule.Id, null, bytes, simple, out var length)
                && FieldRules.ReadId(simple[..length], out _) == RejectCode.None
            );
    }

    /// <summary>Whether it is a whole number, of any sign.</summary>
    public static bool IsWhole(string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
