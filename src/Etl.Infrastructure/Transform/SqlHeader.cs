using Etl.Application.Errors;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// The comment lines at the top of a <c>.sql</c> file: free text, and entries <c>-- name: value</c>, which go on in lines that
/// are indented by two blanks or more. See README.md in this folder.
/// </summary>
internal sealed class SqlHeader
{
    private static readonly string[] Names =
    [
        "grain",
        "every",
        "inputs",
        "key",
        "columns",
        "safe twice",
        "order",
        "sums",
        "rollup",
        "when",
        "severity",
        "meaning",
        "count",
    ];

    private readonly string file;
    private readonly Dictionary<string, (string Value, int Line)> entries = [];

    private SqlHeader(string file) => this.file = file;

    /// <param name="file">The file's path, for messages.</param>
    /// <param name="text">The file.</param>
    /// <param name="required">The entries that it must have.</param>
    /// <exception cref="EtlException">An entry is missing, empty or there twice; the message names file and line.</exception>
    public static SqlHeader Parse(string file, string text, params IEnumerable<string> required)
    {
        var header = new SqlHeader(file);
        var last = "";
        var number = 0;
        foreach (var line in text.Split('\n').TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal)))
        {
            number++;
            var content = line[2..].TrimEnd();
            var name = Names.FirstOrDefault(n => content.StartsWith($" {n}:", StringComparison.Ordinal));
            if (name is not null)
            {
                var value = content[(name.Length + 2)..].Trim();
                if (!header.entries.TryAdd(name, (value, number)))
                {
                    throw header.Error(number, $"the entry '-- {name}:' is there twice");
                }

                last = name;
            }
            else if (last.Length > 0 && content.StartsWith("  ", StringComparison.Ordinal))
            {
                var (value, begin) = header.entries[last];
                header.entries[last] = ($"{value} {content.Trim()}".Trim(), begin);
            }
        }

        foreach (var name in required)
        {
            if (header.Find(name) is null)
            {
                var line = header.entries.TryGetValue(name, out var empty) ? empty.Line : number + 1;
                throw header.Error(line, $"the entry '-- {name}: …' is missing or empty");
            }
        }

        return header;
    }

    /// <summary>The value of an entry that is required.</summary>
    public string this[string name] => entries[name].Value;

    /// <summary>The value of an entry, or null where it is missing or empty.</summary>
    public string? Find(string name) =>
        entries.TryGetValue(name, out var entry) && entry.Value.Length > 0 ? entry.Value : null;

    /// <summary>The line of an entry, or null where it is missing.</summary>
    public int? LineOf(string name) => entries.TryGetValue(name, out var entry) ? entry.Line : null;

    /// <summary>The items of an entry: separated by commas, without remarks in parentheses after a blank.</summary>
    public IReadOnlyList<string> List(string name) => [.. Items(name).Select(i => i.Split(" (", 2)[0].Trim())];

    /// <summary>The items of an entry as they are; a comma within parentheses separates nothing.</summary>
    public IReadOnlyList<string> Items(string name)
    {
        var items = new List<string>();
        var (depth, start) = (0, 0);
        var value = Find(name) ?? "";
        for (var i = 0; i <= value.Length; i++)
        {
            depth +=
                i == value.Length
                    ? 0
                    : value[i] switch
                    {
                        '(' => 1,
                        ')' => -1,
                        _ => 0,
                    };
            if (i == value.Length || (value[i] == ',' && depth == 0))
            {
                items.Add(value[start..i].Trim());
                start = i + 1;
            }
        }

        items.RemoveAll(i => i.Length == 0);
        return items;
    }

    /// <summary>The error of an entry's value.</summary>
    public EtlException Error(string name, string what) => Error(entries[name].Line, what);

    private EtlException Error(int line, string what) =>
        new(
            ErrorCode.Configuration,
            $"{file}, line {line}: {what}.",
            "Correct the header of the file; `etl new mart` and `etl new test` write files with all entries, each explained."
        );
}
