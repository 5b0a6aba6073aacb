using System.Net;
using System.Text.Json;
using Etl.Application.Errors;

namespace Etl.Hosts.Lambda.Events;

/// <summary>An object that was written to a bucket, as a notification of S3 or an event of EventBridge reports it.</summary>
/// <param name="Uri">The object, as <c>s3://bucket/key</c>.</param>
/// <param name="Time">When it was written.</param>
internal sealed record CreatedObject(string Uri, string Time)
{
    /// <summary>The objects of an event. The bucket can report other objects in the same event, which are skipped.</summary>
    /// <param name="root">The event.</param>
    /// <param name="select">What an object means; it throws for an object that was not asked for.</param>
    /// <param name="unknown">The error of an event with this reason.</param>
    /// <exception cref="EtlException">No object was asked for.</exception>
    public static IEnumerable<T> Select<T>(
        JsonElement root,
        Func<CreatedObject, T> select,
        Func<string, EtlException> unknown
    )
    {
        if (root.Text("detail-type") == "Object Created")
        {
            return [select(Of(root.Child("detail"), root, "time", key => key, unknown))];
        }

        var read = root.Records().Select(r => TrySelect(r, select, unknown)).ToList();
        return read switch
        {
            [] => throw unknown($"Its fields are {root.NamesOf()}."),
            _ when read.TrueForAll(r => r.Error is not null) => throw read[0].Error!,
            _ => read.Where(r => r.Error is null).Select(r => r.Selected!),
        };
    }

    private static (T? Selected, EtlException? Error) TrySelect<T>(
        JsonElement record,
        Func<CreatedObject, T> select,
        Func<string, EtlException> unknown
    )
    {
        var name = record.Text("eventName") is { Length: > 0 } text ? text : "not named";
        if (!name.StartsWith("ObjectCreated:", StringComparison.Ordinal))
        {
            return (default, unknown($"The event of S3 is {name}, not ObjectCreated."));
        }

        try
        {
            // Keys in notifications are encoded as in a form; those of EventBridge are not.
            return (select(Of(record.Child("s3"), record, "eventTime", k => WebUtility.UrlDecode(k), unknown)), null);
        }
        catch (EtlException exception)
        {
            return (default, exception);
        }
    }

    private static CreatedObject Of(
        JsonElement detail,
        JsonElement envelope,
        string time,
        Func<string, string> decode,
        Func<string, EtlException> unknown
    )
    {
        var bucket = Required(detail.Child("bucket"), "name");
        var key = decode(Required(detail.Child("object"), "key"));
        return new CreatedObject($"s3://{bucket}/{key}", Required(envelope, time));

        string Required(JsonElement element, string name) => element.Text(name) ?? throw unknown($"It has no {name}.");
    }
}
