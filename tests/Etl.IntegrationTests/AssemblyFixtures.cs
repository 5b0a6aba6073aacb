using Etl.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(MotoServer))]
[assembly: AssemblyFixture(typeof(PostgresVersions))]
