using Etl.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
