using Etl.Application.Errors;
using Etl.Infrastructure.Postgres;

namespace Etl.UnitTests.Secrets;

/// <summary>A connection string, well formed or not, and the parts of its password that must never be printed.</summary>
internal sealed record LeakyString(string Text, string[] Secrets)
{
    private const string Specials = "@/?#:;&= '\"\\%,!|+";
    private const string Letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static IEnumerable<LeakyString> Make(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => One(random));
    }

    /// <summary>Whether a command can be run with it: it is invalid, or names a closed port of this machine.</summary>
    public bool ConnectsNowhere()
    {
        try
        {
            var read = ConnectionText.Parse(Text);
            return read is { Host: "127.0.0.1", Port: 1 };
        }
        catch (EtlException)
        {
            return true;
        }
    }

    private static LeakyString One(Random random)
    {
        string[] secrets = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Token(random))];
        var password = string.Concat(secrets.Select((s, i) => i == 0 ? s : $"{Special(random)}{s}"));
        var form = random.Next(3);
        var text = form switch
        {
            0 => Pairs(
                random,
                Quoted(random, password, '\'', "''", "\""),
                ";",
                ["Host", "Port", "Username", "Database"]
            ),
            1 => Pairs(random, Quoted(random, password, '\'', "\\'", "'"), " ", ["host", "port", "user", "dbname"]),
            _ => UriOf(random, random.Next(2) == 0 ? password : Uri.EscapeDataString(password)),
        };
        return new LeakyString(Corrupt(random, text, secrets, isUri: form == 2), secrets);
    }

    private static string Token(Random random) =>
        $"Q{new string([.. Enumerable.Range(0, random.Next(7, 12)).Select(_ => Letters[random.Next(Letters.Length)])])}z";

    private static string Special(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Specials[random.Next(Specials.Length)])]);

    private static string Quoted(Random random, string password, char quote, string doubled, string other) =>
        random.Next(4) switch
        {
            0 => $"{quote}{password}{quote}",
            1 =>
                $"{quote}{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", doubled, StringComparison.Ordinal)}{quote}",
            2 => $"{other}{password}{other}",
            _ => password,
        };

    private static string Pairs(Random random, string password, string separator, string[] names)
    {
        string[] pairs =
        [
            $"{names[0]}=127.0.0.1",
            $"{names[1]}={Port(random)}",
            $"{names[2]}=u",
            $"{names[3]}=d",
            $"password{(random.Next(8) == 0 ? " = " : "=")}{password}",
        ];
        random.Shuffle(pairs);
        return string.Join(random.Next(6) == 0 ? separator + separator : separator, pairs);
    }

    private static string UriOf(Random random, string password) =>
        random.Next(5) == 0
            ? $"postgresql://u@127.0.0.1:{Port(random)}/d?password={password}&connect_timeout=2"
            : $"postgresql://u:{password}@127.0.0.1:{Port(random)}/d{(random.Next(2) == 0 ? "?sslmode=prefer" : "")}";

    private static string Port(Random random) =>
        random.Next(8) switch
        {
            0 => "99999",
            1 => "0",
            2 => "one",
            _ => "1",
        };

    /// <summary>
    /// A URI is not truncated and keeps each <c>@</c> and colon: without them it is another valid URI whose host or user is part of the password.
    /// </summary>
    private static string Corrupt(Random random, string text, string[] secrets, bool isUri)
    {
        var at = random.Next(8, text.Length);
        return random.Next(9) switch
        {
            0 when !isUri => text[..at],
            1 when !isUri || text[at] is not '@' and not ':' => text.Remove(at, 1),
            2 => text.Insert(at, Special(random)),
            3 => isUri ? $"{text}{(text.Contains('?') ? "&" : "?")}{secrets[^1]}=1" : $"{text};{secrets[^1]}=1",
            4 => isUri ? $"{text}{(text.Contains('?') ? "&" : "?")}colour=1" : $"colour=1 {text}",
            5 => text.Replace("1/d", $"{secrets[0]}/d").Replace("ort=1", $"ort={secrets[0]}"),
            6 => text.Replace("password", "pasword", StringComparison.Ordinal),
            _ => text,
        };
    }
}
