using System.Text.Json;
using Amazon.Lambda.Core;
using Etl.Application.Errors;
using Etl.Hosts.Lambda.Errors;
using Etl.Hosts.Lambda.Events;
using Etl.Hosts.Lambda.Logs;
using Etl.Infrastructure.Notify;
using Etl.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Hosts.Lambda;

/// <summary>
/// Publishes the messages that runs write to a bucket, in a function outside of the network of the runs. It loads neither EF
/// Core nor the driver of PostgreSQL.
/// </summary>
internal sealed class RelayHost(MessageRelay relay, FunctionLog log, FailureReport failures, TimeProvider clock)
{
    /// <summary>The first argument of a host that is the relay.</summary>
    public const string Argument = "relay";

    /// <summary>For an invocation without a deadline, the longest one of Lambda.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>Builds the relay.</summary>
    /// <exception cref="EtlException">Settings are missing or invalid; the message has one line per setting.</exception>
    public static RelayHost Build(string[] args)
    {
        var configuration = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddSources(args).Build();
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddLogging(l => l.AddFunctionLog())
            .AddSingleton<FailureReport>()
            .AddSingleton<RelayHost>();
        MessageRelay.AddTo(services, configuration);
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<SettingsCheck>().ThrowIfInvalid("Etl:Notify:MessagesUri", "Etl:Notify:TopicArn");
        return provider.GetRequiredService<RelayHost>();
    }

    /// <summary>Publishes the messages of the objects that an event reports.</summary>
    /// <returns>
    /// The result of each object as JSON. For messages of a queue, the messages to deliver again; if all failed, the invocation
    /// fails.
    /// </returns>
    public async Task<string> HandleAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        log.RequestId = context.AwsRequestId;
        var time = context.RemainingTime < Longest ? context.RemainingTime : Longest;
        var deadline = clock.GetUtcNow() + time;
        var parts = new List<HandledPart<Relayed>>();
        var events = new EventEnvelope<string>(
            root => CreatedObject.Select(root, created => created.Uri, reason => Unknown(reason, cause: null)),
            Unknown
        );
        foreach (var part in events.Read(payload))
        {
            parts.Add(await RelayAsync(part, deadline, cancellationToken));
        }

        return HandledPart<Relayed>.Answer(parts, results => JsonSerializer.Serialize(new { messages = results }));
    }

    private async Task<HandledPart<Relayed>> RelayAsync(
        EventPart<string> part,
        DateTimeOffset deadline,
        CancellationToken cancellationToken
    )
    {
        var error = part.Error is { } refused ? failures.Of(refused) : null;
        var results = new List<Relayed>();
        foreach (var uri in part.Requests)
        {
            try
            {
                var result = await relay.RelayAsync(uri, deadline, cancellationToken);
                results.Add(new Relayed(uri, JsonNamingPolicy.SnakeCaseLower.ConvertName($"{result}")));
            }
            catch (Exception exception)
            {
                error ??= failures.Of(exception, "the relay");
            }
        }

        return new HandledPart<Relayed>(part.MessageId, results, error);
    }

    private static EtlException Unknown(string reason, Exception? cause) =>
        new(
            ErrorCode.Usage,
            $"Unknown event. {reason}".TrimEnd(),
            "Start the relay by the event ObjectCreated of the prefix that Etl:Notify:MessagesUri names.",
            retryable: false,
            cause
        );

    /// <summary>The result of an object, as the response names it.</summary>
    private sealed record Relayed(
        [property: System.Text.Json.Serialization.JsonPropertyName("object")] string Object,
        [property: System.Text.Json.Serialization.JsonPropertyName("status")] string Status
    );
}
