using System.Globalization;
using System.Text;

namespace Etl.Infrastructure.FileSystem;

/// <summary>Converts paths to <c>file://</c> addresses and back.</summary>
internal static class FolderUri
{
    private const string Scheme = "file://";
    private const string Unescaped = "-._~/!$&'()*+,;=:@";

    /// <summary>The address of a full path.</summary>
    public static string Of(string path)
    {
        var address = new StringBuilder(Scheme);
        var slashed = Path.DirectorySeparatorChar == '\\' ? path.Replace('\\', '/') : path;
        if (!slashed.StartsWith('/'))
        {
            address.Append('/');
        }

        foreach (var letter in Encoding.UTF8.GetBytes(slashed))
        {
            if (char.IsAsciiLetterOrDigit((char)letter) || Unescaped.Contains((char)letter, StringComparison.Ordinal))
            {
                address.Append((char)letter);
            }
            else
            {
                address.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
            }
        }

        return address.ToString();
    }

    /// <summary>The full path of an address or of a path; a relative path starts at the working folder.</summary>
    public static string PathOf(string location)
    {
        if (!location.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Path.GetFullPath(location);
        }

        var path = Uri.UnescapeDataString(location[Scheme.Length..]);
        var drive = path.Length > 2 && path[0] == '/' && path[2] == ':' && OperatingSystem.IsWindows();
        return Path.GetFullPath(drive ? path[1..] : path);
    }
}
