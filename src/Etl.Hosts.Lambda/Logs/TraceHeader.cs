namespace Etl.Hosts.Lambda.Logs;

/// <summary>X-Ray's trace header, as <c>Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1</c>.</summary>
internal static class TraceHeader
{
    /// <summary>The environment variable with the header of the current invocation.</summary>
    public const string Variable = "_X_AMZN_TRACE_ID";

    /// <summary>The header as W3C <c>traceparent</c>; null where it names no parent.</summary>
    public static string? ToTraceParent(string? header)
    {
        string? root = null;
        string? parent = null;
        var sampled = "00";
        foreach (var part in (header ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            switch (part.Split('=', 2))
            {
                case ["Root", ['1', '-', .. var id]]:
                    root = id.Replace("-", "", StringComparison.Ordinal);
                    break;
                case ["Parent", var id]:
                    parent = id;
                    break;
                case ["Sampled", "1"]:
                    sampled = "01";
                    break;
            }
        }

        return root is { Length: 32 } && parent is { Length: 16 } ? $"00-{root}-{parent}-{sampled}" : null;
    }
}
