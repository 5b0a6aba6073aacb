using System.Text;

namespace Etl.Infrastructure.Ledger;

/// <summary>Converts enum values and the ledger's text: <c>TimedOut</c> is stored as <c>timed_out</c>.</summary>
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
