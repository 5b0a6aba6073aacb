using System.Text;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>Recognises NULL: the empty field, and the words that the settings name besides.</summary>
internal sealed class NullTokens(IEnumerable<string> words)
{
    private readonly byte[][] tokens = [.. words.Where(w => w.Length > 0).Select(Encoding.UTF8.GetBytes)];

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
