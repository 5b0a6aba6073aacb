using System.Runtime.CompilerServices;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Sends a value to the one rule of its kind.</summary>
internal static class FieldReader
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RejectCode Read(FieldKind kind, ReadOnlySpan<byte> value, out long number)
    {
        RejectCode code;
        switch (kind)
        {
            case FieldKind.Id:
                return FieldRules.ReadId(value, out number);
            case FieldKind.Date:
                code = FieldRules.ReadDate(value, out var day);
                number = day;
                return code;
            case FieldKind.Money:
                code = FieldRules.ReadMoney(value, out var amount);
                number = amount.Cents;
                return code;
            case FieldKind.Quantity:
                code = FieldRules.ReadQuantity(value, out var quantity);
                number = quantity;
                return code;
            case FieldKind.Stars:
                code = FieldRules.ReadStars(value, out var stars);
                number = stars;
                return code;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>What a value must be, as the end of a message.</summary>
    public static string Expected(FieldKind kind) =>
        kind switch
        {
            FieldKind.Id => $"a whole number from 1 to {long.MaxValue}",
            FieldKind.Date => "a day written yyyy-MM-dd, from 1900-01-01 to 2199-12-31",
            FieldKind.Money => "an amount from 0 to 999999999999.99 with at most two decimals",
            FieldKind.Quantity => $"a whole number from 1 to {int.MaxValue}",
            FieldKind.Stars => "a whole number from 1 to 5",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
