using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Runs;

namespace Etl.Hosts.Lambda.Events;

/// <summary>
/// Events that people send: <c>{"date","asOf","force","acceptShrunk"}</c>, or <c>{"rollbackTo"}</c> with a run's ID.
/// </summary>
/// <param name="datasets">The datasets that an event can name.</param>
internal sealed class ManualEvent(DatasetCatalog datasets)
{
    private static readonly string[] Fields = ["date", "asOf", "force", "acceptShrunk"];

    private const string Rollback = "rollbackTo";

    /// <summary>The request; null if the event has neither <c>date</c> nor <c>rollbackTo</c>.</summary>
    /// <exception cref="EtlException">A field or a dataset is unknown, or the run's ID is not one.</exception>
    public RunRequest? Read(JsonElement root)
    {
        if (root.TryGetProperty(Rollback, out var run))
        {
            RefuseUnknown(root, [Rollback]);
            return run.ValueKind == JsonValueKind.String && RunId.TryParse(run.GetString(), out var to)
                ? new RunRequest(to.BusinessDate, Trigger: Trigger.Rollback) { RollbackTo = to }
                : throw new EtlException(
                    ErrorCode.Usage,
                    $"The event's {Rollback} is not a run ID.",
                    "Run IDs look like 20250630-001; see `etl runs` or table etl.runs."
                );
        }

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
