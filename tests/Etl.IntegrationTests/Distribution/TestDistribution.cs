using Etl.Domain;
using Etl.Infrastructure.Postgres;
using Etl.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.IntegrationTests.Distribution;

/// <summary>What distributes the rows of a test's database, for tests that do not start a host.</summary>
internal static class TestDistribution
{
    public static IDistribution Of(string connection, DatasetCatalog datasets) =>
        CitusCluster.Has(connection)
            ? new CitusDistribution(
                datasets,
                new SchemaOptions(),
                new CitusNodes(
                    new PostgresOptions { ConnectionString = connection },
                    (_, _, _, _) => throw new NotSupportedException("The tests log in without a token."),
                    NullLogger<CitusNodes>.Instance
                )
            )
            : new NoDistribution(new SchemaOptions());
}
