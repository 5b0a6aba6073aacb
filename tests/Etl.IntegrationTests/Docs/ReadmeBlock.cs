using System.Text.RegularExpressions;

namespace Etl.IntegrationTests.Docs;

/// <summary>Commands of README, and the output that README documents for them.</summary>
/// <param name="Commands">A block marked <c>sh</c>.</param>
/// <param name="Printed">The following block marked <c>text</c>; null if there is none.</param>
internal sealed partial record ReadmeBlock(string Commands, string? Printed)
{
    public static IReadOnlyList<ReadmeBlock> ReadAll(string readme)
    {
        var fences = Fence().Matches(readme);
        return
        [
            .. fences
                .Select((f, at) => (Fence: f, Next: fences.ElementAtOrDefault(at + 1)))
                .Where(f => f.Fence.Groups["language"].Value == "sh")
                .Select(f => new ReadmeBlock(
                    f.Fence.Groups["body"].Value,
                    f.Next?.Groups["language"].Value == "text" ? f.Next.Groups["body"].Value : null
                )),
        ];
    }

    /// <summary>The first documented line that is missing from the output, in order; null if none is.</summary>
    public string? Missing(string printed)
    {
        var lines = printed.Split('\n');
        var at = 0;
        var mayLeaveOut = false;
        foreach (var promised in Printed!.TrimEnd('\n').Split('\n'))
        {
            if (promised == "…")
            {
                mayLeaveOut = true;
                continue;
            }

            var found = Array.FindIndex(lines, at, l => Matches(promised, l));
            if (found < 0 || (found > at && !mayLeaveOut))
            {
                return promised;
            }

            at = found + 1;
            mayLeaveOut = false;
        }

        return null;
    }

    /// <summary>Durations can differ, and <c>…</c> matches any text. Everything else must match exactly.</summary>
    private static bool Matches(string promised, string line)
    {
        var pattern = Regex.Escape(promised).Replace("…", ".*", StringComparison.Ordinal);
        pattern = Seconds().Replace(pattern, @"\ +\d+\.\d\d\ s\b");
        pattern = Milliseconds().Replace(pattern, @"\ \d+\ ms\b");
        return Regex.IsMatch(line.TrimEnd(), $"^{pattern}$");
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(\\ )+\d+\\\.\d\d\\ s\b")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\\ \d+\\ ms\b")]
    private static partial Regex Milliseconds();
}
