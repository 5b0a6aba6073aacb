using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;

namespace Etl.Hosts.Lambda.Events;

/// <summary>Events that people send: <c>{"date","asOf","force","acceptShrunk"}</c>.</summary>
/// <param name="datasets">The datasets that an event can name.</param>
internal sealed class ManualEvent(DatasetCatalog datasets)
{
    private static readonly string[] Fields = ["date", "asOf", "force", "acceptShrunk"];

    /// <summary>The request; null if the event has no <c>date</c>.</summary>
    /// <exception cref="EtlException">A field or a dataset is unknown.</exception>
    public RunRequest? Read(JsonElement root)
    {
        if (!root.TryGetProperty("date", out var date))
        {
            return null;
        }

        RefuseUnknown(root, Fields);
        return new RunRequest(
            BusinessDate.Parse(date.GetString()!),
            root.TryGetProperty("asOf", out var asOf) && asOf.GetString() is { } day
                ? BusinessDate.Parse(day).Value
                : null,
            Trigger.Manual,
            root.TryGetProperty("force", out var force) && force.GetBoolean()
        )
        {
            AcceptShrunk = root.TryGetProperty("acceptShrunk", out var names)
                ? [.. names.EnumerateArray().Select(n => DatasetNamed(n.GetString()!))]
                : [],
        };
    }

    /// <summary>A mistyped field must not be ignored: a run would do something else than its event requests.</summary>
    /// <exception cref="EtlException">A field is unknown; the error names it.</exception>
    public static void RefuseUnknown(JsonElement root, string[] known)
    {
        if (root.EnumerateObject().Any(p => !known.Contains(p.Name)))
        {
            throw new EtlException(
                ErrorCode.Usage,
                $"The event has unknown fields: {root.NamesOf(known)}.",
                $"Use only {string.Join(", ", known)}."
            );
        }
    }

    private string DatasetNamed(string name) =>
        datasets.Find(name)?.Name
        ?? throw new EtlException(
            ErrorCode.Usage,
            "The event's acceptShrunk names an unknown dataset.",
            $"Name one or more of {string.Join(", ", datasets.All.Select(d => d.Name))}."
        );
}
