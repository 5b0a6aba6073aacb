using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Hosts.Console.Cli;
using Etl.Infrastructure.Settings;

namespace Etl.Hosts.Console.Output;

/// <summary>Writes suggested settings for people: each with its evidence, then all of them to copy.</summary>
internal static class SuggestText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="terminal">Where it is written.</param>
    /// <param name="suggestions">The settings of each file.</param>
    /// <param name="check">The files as they are read with these settings.</param>
    /// <param name="obstacle">Why they cannot be read with these settings alone.</param>
    /// <param name="asEnvironment">Whether the settings are written as environment variables instead of JSON.</param>
    public static void Write(
        Terminal terminal,
        IReadOnlyList<FormatSuggestion> suggestions,
        CheckSummary? check,
        EtlError? obstacle,
        bool asEnvironment
    )
    {
        foreach (var suggestion in suggestions)
        {
            WriteOne(terminal.Out, suggestion);
        }

        var settings = suggestions.SelectMany(s => s.Settings).DistinctBy(s => s.Path).ToList();
        if (settings.Count > 0)
        {
            terminal.Out.WriteLine(
                asEnvironment
                    ? string.Join('\n', settings.Select(s => SettingLine.Export(s.Path, s.Value)))
                    : Json(settings)
            );
            terminal.Out.WriteLine();
        }

        if (check is { Files.Count: > 0 })
        {
            terminal.Out.WriteLine(settings.Count > 0 ? "With these settings:" : "Without any setting:");
            CheckText.WriteFiles(terminal, check.Files);
        }

        if (obstacle is not null)
        {
            terminal.Out.WriteLine(
                $"{(settings.Count > 0 ? "With these settings alone" : "Without settings")}: {obstacle.Message}"
            );
        }
    }

    /// <summary>The settings as appsettings.json has them: nested, lists as arrays.</summary>
    private static string Json(IReadOnlyList<SuggestedSetting> settings)
    {
        var root = new JsonObject();
        foreach (var setting in settings)
        {
            var at = root;
            var names = setting.Path.Split(':');
            foreach (var name in names[..^1])
            {
                at = (JsonObject)(at[name] ??= new JsonObject());
            }

            at[names[^1]] = setting.Value;
        }

        return WithArrays(root).ToJsonString(Indented);
    }

    private static void WriteOne(TextWriter output, FormatSuggestion suggestion)
    {
        output.WriteLine(suggestion.File is { } file ? $"{file.FileName} ({suggestion.Dataset})" : suggestion.Dataset);
        foreach (var setting in suggestion.Settings)
        {
            output.WriteLine($"  {setting.Path} = {setting.Value}");
            output.WriteLine($"    because {setting.Evidence}");
        }

        foreach (var question in suggestion.Questions)
        {
            output.WriteLine($"  ? {question}");
        }

        if (suggestion.Settings.Count == 0 && suggestion.Questions.Count == 0)
        {
            output.WriteLine("  needs no setting");
        }

        output.WriteLine();
    }

    private static JsonNode WithArrays(JsonNode node)
    {
        if (node is not JsonObject group)
        {
            return node.DeepClone();
        }

        var children = group.Select(c => (Name: c.Key, Value: WithArrays(c.Value!))).ToList();
        return children.TrueForAll(c => c.Name.All(char.IsAsciiDigit))
            ? new JsonArray([.. children.Select(c => c.Value)])
            : new JsonObject(children.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Name, c.Value)));
    }
}
