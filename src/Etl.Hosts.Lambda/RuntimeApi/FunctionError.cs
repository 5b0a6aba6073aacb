using System.Diagnostics;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An error as the Runtime API receives it.</summary>
/// <param name="Type">Its type, <c>Function.NAME</c>; Lambda replaces any other form with <c>Runtime.Unknown</c>.</param>
/// <param name="Message">What failed and what to do next.</param>
/// <param name="Exception">Where an unexpected error was thrown; null for one that has an explanation.</param>
internal sealed record FunctionError(string Type, string Message, Exception? Exception = null)
{
    /// <summary>The entry of <see cref="Exception.Data"/> with the name of an error that has an explanation.</summary>
    public const string TypeKey = "Lambda.ErrorType";

    private const string Prefix = "Function.";

    /// <summary>X-Ray gets the innermost frames: a header has a size limit.</summary>
    private const int MaxFrames = 20;

    /// <summary>The error of an exception.</summary>
    public static FunctionError Of(Exception exception) =>
        exception.Data[TypeKey] is string name
            ? new FunctionError(Prefix + name, exception.Message)
            : new FunctionError(Prefix + exception.GetType().Name, exception.Message, exception);

    /// <summary>The body of the request.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["errorType"] = Type,
                ["errorMessage"] = Message,
                ["stackTrace"] = Exception?.StackTrace?.Split('\n', StringSplitOptions.TrimEntries) ?? [],
            }
        );

    /// <summary>The cause for the trace of the invocation, on one line of ASCII.</summary>
    public string ToXRayCause()
    {
        var frames = Exception is null ? [] : new StackTrace(Exception, fNeedFileInfo: true).GetFrames();
        var stack = frames
            .Take(MaxFrames)
            .Select(f => new Dictionary<string, object>
            {
                ["path"] = f.GetFileName() ?? "",
                ["line"] = f.GetFileLineNumber(),
                ["label"] = $"{f.GetMethod()?.DeclaringType?.Name}.{f.GetMethod()?.Name}",
            })
            .ToList();
        return JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["working_directory"] = Environment.CurrentDirectory,
                ["exceptions"] = new[]
                {
                    new Dictionary<string, object>
                    {
                        ["type"] = Type,
                        ["message"] = Message,
                        ["stack"] = stack,
                    },
                },
                ["paths"] = stack.Select(s => s["path"]).Where(p => p is not "").Distinct(),
            }
        );
    }
}
