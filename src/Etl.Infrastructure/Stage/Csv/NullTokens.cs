using System.Text;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Recognises NULL: the empty field, and the words that the settings name besides.</summary>
internal sealed class NullTokens(IEnumerable<string> words)
{
    /// <summary>What databases and programs write for NULL.</summary>
    private static readonly string[] Common = ["NULL", "\\N", "NaN", "NaT", "NA", "N/A", "None", "nil", "-", "(null)"];

    private readonly byte[][] tokens = [.. words.Where(w => w.Length > 0).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether a value is a word that often means NULL; it does only where the settings name it.</summary>
    public static bool IsCommon(ReadOnlySpan<byte> value) =>
        Common.Contains(Encoding.UTF8.GetString(value), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the empty field is the only NULL.</summary>
    public bool IsEmptyOnly => tokens.Length == 0;

    public bool Contains(ReadOnlySpan<byte> value)
    {
        foreach (var token in tokens)
        {
            if (value.SequenceEqual(token))
            {
                return true;
            }
        }

        return value.IsEmpty;
    }
}
