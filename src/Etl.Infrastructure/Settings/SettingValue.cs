using System.Collections;
using System.ComponentModel;
using Etl.Application.Options;
using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Settings;

/// <summary>Checks that the text of a setting can be converted to the type of its property.</summary>
internal static class SettingValue
{
    /// <summary>The error as one line, or null if the value can be read.</summary>
    public static string? ErrorOf(string path, Type type, IConfigurationSection given)
    {
        if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            return ErrorOfList(path, type.GetGenericArguments()[^1], typeof(IDictionary).IsAssignableFrom(type), given);
        }

        if (given.GetChildren().Any())
        {
            return $"{path} is a single value without settings below it; set {path} itself.";
        }

        var target = Nullable.GetUnderlyingType(type) ?? type;
        return given.Value is { Length: > 0 } text && !CanRead(text, target)
            ? $"{path} is {SafeText.Value(text)}; give {Describe(target)}."
            : null;
    }

    private static string? ErrorOfList(string path, Type item, bool named, IConfigurationSection given)
    {
        if (!string.IsNullOrEmpty(given.Value))
        {
            return named
                ? $"{path} has a value for each name; set it as {path}:NAME."
                : $"{path} is a list; set its values as {path}:0, {path}:1 and so on.";
        }

        if (item == typeof(ColumnOptions))
        {
            return given.GetChildren().Select(c => ErrorOfColumn(path, c)).FirstOrDefault(e => e is not null);
        }

        var unreadable = given.GetChildren().FirstOrDefault(c => !CanRead(c.Value ?? "", item));
        return unreadable is null
            ? null
            : $"{path} contains {SafeText.Value(unreadable.Value)}; give {Describe(item)} for each value.";
    }

    /// <summary>A text, a list, or a value. A name that a person typed can be part of a value and is not shown.</summary>
    private static string? ErrorOfColumn(string path, IConfigurationSection given) =>
        given.Value is { Length: > 0 } && given.GetChildren().Any()
            ? $"{path} has an entry that is a text and has settings below it; give one of both."
        : given.GetChildren().Any(c => !ColumnOptions.IsEntry(c.Key) || c.Value is null)
            ? $"{path} has an unknown setting; set {path}:COLUMN, {path}:COLUMN:0 and so on, or {path}:COLUMN:Value."
        : null;

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

    /// <summary>The valid values of a type, such as "one of Fail, Warn, Allow".</summary>
    public static string Describe(Type type)
    {
        if (type.IsEnum)
        {
            return $"one of {string.Join(", ", Enum.GetNames(type))}";
        }

        if (type == typeof(ColumnOptions))
        {
            return "text, a list, or `Value`";
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "text",
            TypeCode.Boolean => "true or false",
            TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Decimal or TypeCode.Double or TypeCode.Single => "a number with a decimal point, such as 1.5",
            _ when type == typeof(TimeSpan) => "a time span, such as 00:00:30",
            _ => $"a value of {type.Name}",
        };
    }
}
