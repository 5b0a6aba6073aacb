using Etl.IntegrationTests.Console;
using Etl.TestKit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>A workplace with the nine files of a shop, and the extensions that describe them.</summary>
internal sealed class Modeled : IAsyncDisposable
{
    /// <summary>The ids that are text.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["Order", "Product", "Customer", "Shipment"];

    private Modeled(Workplace place) => Place = place;

    public Workplace Place { get; }

    public NineFiles Files { get; } = new();

    public string Folder => Path.Combine(Place.Folder, "extensions");

    public static async Task<Modeled> CreateAsync(PostgresServer server)
    {
        var place = await Workplace.CreateAsync(server);
        Directory.Delete(place.Source, recursive: true);
        var shop = new Modeled(place);
        shop.Files.Write(place.Source);
        foreach (var (path, text) in NineFiles.Extensions)
        {
            // The mart joins them by other columns than the one that distributes the orders.
            var isSmall =
                path.EndsWith("shop_products.json", StringComparison.Ordinal)
                || path.EndsWith("categories.json", StringComparison.Ordinal);
            await shop.WriteAsync(
                path,
                isSmall && CitusCluster.HasAllTests
                    ? text.Replace("\"columns\":", "\"distributedBy\": null,\n\"columns\":", StringComparison.Ordinal)
                    : text
            );
        }

        return shop;
    }

    /// <summary>Writes a file of the folder.</summary>
    public async Task WriteAsync(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllTextAsync(full, text);
    }

    /// <summary>Replaces a text of a file of the folder.</summary>
    public Task ChangeAsync(string path, string old, string changed)
    {
        var text = NineFiles.Extensions[path];
        return text.Contains(old, StringComparison.Ordinal)
            ? WriteAsync(path, text.Replace(old, changed, StringComparison.Ordinal))
            : throw new ArgumentException($"{path} does not contain '{old}'.", nameof(old));
    }

    /// <summary>Runs a verb with the folder; most verbs need the place's source, lake and database.</summary>
    public Task<EtlProcess> EtlAsync(params string[] line) =>
        EtlProcess.RunAsync(
            Place.Folder,
            [
                .. line,
                .. Settings,
                $"--Etl:Source:Uri={Place.Source}",
                $"--Etl:Lake:Uri={Place.Lake}",
                $"--Etl:Postgres:ConnectionString={Place.Connection}",
                "--json",
            ]
        );

    public Task<EtlProcess> RunAsync(params string[] more) => Place.RunAsync([.. Settings, .. more]);

    public ValueTask DisposeAsync() => Place.DisposeAsync();

    public string[] Settings =>
        [
            $"--Etl:Extensions:Directory={Folder}",
            .. Ids.Select(i => $"--Etl:Ids:{i}=Text"),
            "--Etl:Files:Orders:Key:0=",
        ];
}
