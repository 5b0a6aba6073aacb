using System.Globalization;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>The folders where system packages install PostgreSQL, and the command that installs it.</summary>
internal static class PackageFolders
{
    /// <summary>The existing folders, newest version first.</summary>
    public static IEnumerable<string> All() => Patterns().SelectMany(Expand).Where(Directory.Exists);

    public static string InstallCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            return "winget install PostgreSQL.PostgreSQL.17";
        }

        if (OperatingSystem.IsMacOS())
        {
            return "brew install postgresql@17";
        }

        (string Program, string Command)[] known =
        [
            ("/usr/bin/apt-get", "sudo apt-get install -y postgresql"),
            ("/usr/bin/dnf", "sudo dnf install -y postgresql-server"),
            ("/usr/bin/zypper", "sudo zypper install -y postgresql-server"),
            ("/usr/bin/pacman", "sudo pacman -S --noconfirm postgresql"),
            ("/sbin/apk", "sudo apk add postgresql"),
        ];
        return known.FirstOrDefault(k => File.Exists(k.Program)).Command ?? known[0].Command;
    }

    private static IEnumerable<string> Patterns()
    {
        if (OperatingSystem.IsWindows())
        {
            var programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
            return [Path.Combine(programs, "PostgreSQL", "*", "bin")];
        }

        return OperatingSystem.IsMacOS()
            ?
            [
                "/opt/homebrew/opt/postgresql@*/bin",
                "/usr/local/opt/postgresql@*/bin",
                "/Applications/Postgres.app/Contents/Versions/*/bin",
            ]
            :
            [
                "/usr/lib/postgresql/*/bin",
                "/usr/pgsql-*/bin",
                "/usr/lib/postgresql*/bin",
                "/usr/libexec/postgresql*",
                "/usr/bin",
            ];
    }

    // The pattern has at most one star, in one part of the path.
    internal static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [pattern];
        }

        var parent = Path.GetDirectoryName(pattern[..(star + 1)])!;
        var rest = pattern[(star + 1)..].TrimStart('/', '\\');
        var name = Path.GetFileName(pattern[..(star + 1)]);
        return Directory.Exists(parent)
            ? Directory
                .EnumerateDirectories(parent, name)
                .OrderByDescending(VersionOf)
                .Select(f => Path.Combine(f, rest))
            : [];
    }

    private static decimal VersionOf(string folder)
    {
        var digits = new string([
            .. Path.GetFileName(folder)
                .SkipWhile(c => !char.IsAsciiDigit(c))
                .TakeWhile(c => char.IsAsciiDigit(c) || c == '.'),
        ]);
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;
    }
}
