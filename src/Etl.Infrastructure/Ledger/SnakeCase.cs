using System.Text;

namespace Etl.Infrastructure.Ledger;

/// <summary>Names of enums as the ledger's tables hold them: <c>TimedOut</c> is <c>timed_out</c>.</summary>
internal static class SnakeCase
{
    public static string Text<T>(T value)
        where T : struct, Enum => Of(value.ToString());

    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    public static T Parse<T>(string text)
        where T : struct, Enum => Enum.Parse<T>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
