using System.Text;

namespace Etl.Domain.Datasets;

/// <summary>The encodings of .NET by name, those of Windows and of mainframes included.</summary>
public static class TextEncodings
{
    /// <summary>The encoding that needs no conversion.</summary>
    public const string Utf8 = "utf-8";

    /// <summary>The encoding of that name, or null.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
