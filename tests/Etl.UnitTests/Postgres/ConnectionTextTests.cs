using Etl.Application.Errors;
using Etl.Infrastructure.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Postgres;

public class ConnectionTextTests
{
    [Fact]
    public void A_uri_gives_the_same_connection_as_keywords()
    {
        var uri = ConnectionText.Parse(
            "postgresql://loader:p%40ss%2Fw%3Brd@db.example:6432/shop?sslmode=require&connect_timeout=7"
        );

        uri.Host.ShouldBe("db.example");
        uri.Port.ShouldBe(6432);
        uri.Database.ShouldBe("shop");
        uri.Username.ShouldBe("loader");
        uri.Password.ShouldBe("p@ss/w;rd");
        uri.SslMode.ShouldBe(SslMode.Require);
        uri.Timeout.ShouldBe(7);
    }

    [Theory]
    [InlineData("postgresql:///shop?host=/var/run/postgresql", "/var/run/postgresql")]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql/shop", "/var/run/postgresql")]
    [InlineData("postgresql://[::1]:5433/shop", "::1")]
    [InlineData("postgresql:///shop", "localhost")]
    [InlineData("postgresql://one:5433,two:5434/shop", "one:5433,two:5434")]
    public void A_uri_may_name_a_socket_an_address_or_several_hosts(string text, string host)
    {
        ConnectionText.Parse(text).Host.ShouldBe(host);
    }

    [Theory]
    [InlineData("Host=db.example;Database=shop", SslMode.VerifyFull)]
    [InlineData("postgresql://db.example/shop", SslMode.VerifyFull)]
    [InlineData("Host=localhost,db.example;Database=shop", SslMode.VerifyFull)]
    [InlineData("Host=127.0.0.1.example;Database=shop", SslMode.VerifyFull)]
    [InlineData("Host=db.example;Database=shop;SslMode=Disable", SslMode.Disable)]
    [InlineData("Host=db.example;Database=shop;ssl mode=Prefer", SslMode.Prefer)]
    [InlineData("postgresql://db.example/shop?sslmode=verify-ca", SslMode.VerifyCA)]
    [InlineData("Host=localhost;Database=shop", SslMode.Prefer)]
    [InlineData("Host=localhost:5433;Database=shop", SslMode.Prefer)]
    [InlineData("Host=127.8.0.1;Database=shop", SslMode.Prefer)]
    [InlineData("Host=::1;Database=shop", SslMode.Prefer)]
    [InlineData("Host=/run/postgresql;Database=shop", SslMode.Prefer)]
    public void Only_a_local_server_is_trusted_without_verified_tls_unless_told_otherwise(string text, SslMode mode)
    {
        ConnectionText.Parse(text).SslMode.ShouldBe(mode);
    }

    [Fact]
    public void What_the_string_says_is_kept_and_the_rest_is_set()
    {
        var set = ConnectionText.Parse("Host=localhost");
        set.ApplicationName.ShouldBe("etl");
        set.Timezone.ShouldBe("UTC");
        set.CommandTimeout.ShouldBe(0);

        var said = ConnectionText.Parse("Host=localhost;Application Name=mine;Command Timeout=9");
        said.ApplicationName.ShouldBe("mine");
        said.CommandTimeout.ShouldBe(9);
    }

    [Fact]
    public void Redacted_it_shows_host_port_database_and_user_only()
    {
        ConnectionText
            .Redact("postgresql://loader:secret@db.example:6432/shop?sslpassword=secret&options=-c%20x%3Dsecret")
            .ShouldBe("db.example:6432/shop as loader");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host=db.example;Colour=secret")]
    [InlineData("Port=secret")]
    [InlineData("secret")]
    [InlineData("postgresql://db.example/shop?colour=secret")]
    [InlineData("postgresql://db.example:secret/shop")]
    [InlineData("postgresql://db.example/shop?sslmode=secret")]
    public void A_string_that_cannot_be_read_is_a_setting_at_fault_and_is_not_shown(string text)
    {
        var error = Should.Throw<EtlException>(() => ConnectionText.Parse(text)).Error;

        error.Code.ShouldBe(ErrorCode.Configuration);
        $"{error.Message} {error.NextStep}".ShouldNotContain("secret");
        error.NextStep.ShouldContain("ETL__POSTGRES__CONNECTIONSTRING");
    }

    [Theory]
    [InlineData("12.20", false)]
    [InlineData("13.0", true)]
    [InlineData("18.4", true)]
    public void A_server_below_13_is_refused_by_name(string version, bool supported)
    {
        if (supported)
        {
            PostgresDataSource.RequireVersion(new Version(version));
            return;
        }

        Should
            .Throw<EtlException>(() => PostgresDataSource.RequireVersion(new Version(version)))
            .Error.Message.ShouldContain("12.20");
    }
}
