using System.Collections;
using System.ComponentModel;
using Etl.Application.Options;
using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Settings;

/// <summary>Whether the text of a setting can be read as what its property holds.</summary>
internal static class SettingValue
{
    /// <summary>What is wrong, as a line; null where nothing is.</summary>
    public static string? Fault(string path, Type type, IConfigurationSection given)
    {
        if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            return FaultOfList(path, type.GetGenericArguments().Single(), given);
        }

        if (given.GetChildren().Any())
        {
            return $"{path} is one value, and settings lie below it; give {path} itself.";
        }

        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        return given.Value is { Length: > 0 } text && !CanRead(text, wanted)
            ? $"{path} is {SafeText.Value(text)}; give {Words(wanted)}."
            : null;
    }

    private static string? FaultOfList(string path, Type item, IConfigurationSection given)
    {
        if (!string.IsNullOrEmpty(given.Value))
        {
            return $"{path} is a list; give its values as {path}:0, {path}:1 and so on.";
        }

        var unreadable = given.GetChildren().FirstOrDefault(c => !CanRead(c.Value ?? "", item));
        return unreadable is null
            ? null
            : $"{path} holds {SafeText.Value(unreadable.Value)}; give {Words(item)} for each.";
    }

    private static bool CanRead(string text, Type type)
    {
        if (type == typeof(string))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase);
        }

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>What to give, as in "one of Fail, Warn, Allow".</summary>
    public static string Words(Type type)
    {
        if (type.IsEnum)
        {
            return $"one of {string.Join(", ", Enum.GetNames(type))}";
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "text",
            TypeCode.Boolean => "true or false",
            TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Decimal or TypeCode.Double or TypeCode.Single => "a number with a point, as 1.5",
            _ when type == typeof(TimeSpan) => "a time span, as 00:00:30",
            _ => $"a value of {type.Name}",
        };
    }
}
