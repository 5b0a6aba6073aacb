using System.Collections.Concurrent;
using Etl.Hosts.Console.LocalPostgres;
using Xunit;

namespace Etl.TestKit;

/// <summary>
/// Servers of later major versions than the one that the other tests use. Each is started by the first test that needs it,
/// with programs from npm.
/// </summary>
public sealed class PostgresVersions : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Sha512 = new()
    {
        ["16.14.0-beta.17"] =
            "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
        ["17.10.0-beta.17"] =
            "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
        ["18.4.0-beta.17"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    };

    private readonly ConcurrentDictionary<int, PostgresServer> servers = new();

    /// <summary>The server of a major version, which all tests of the version share.</summary>
    public PostgresServer this[int major] => servers.GetOrAdd(major, Create);

    /// <summary>A server of its own for a test that changes more than its database. The test disposes it.</summary>
    public static PostgresServer Create(int major) =>
        new()
        {
            OnLoopback = true,
            Package = Sha512
                .Select(p => new NpmPrograms(p.Key, new Dictionary<string, string> { ["linux-x64"] = p.Value }))
                .Single(p => p.IsOf(major)),
        };

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
