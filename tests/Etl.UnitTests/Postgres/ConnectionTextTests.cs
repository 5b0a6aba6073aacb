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
    public void A_uri_can_have_a_socket_an_address_or_several_hosts(string text, string host)
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
    public void Tls_is_verified_by_default_except_for_a_local_server(string text, SslMode mode)
    {
        ConnectionText.Parse(text).SslMode.ShouldBe(mode);
    }

    [Fact]
    public void Defaults_are_applied_only_where_the_string_has_no_value()
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
    public void A_redacted_string_shows_host_port_database_and_user_only()
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
    public void An_unreadable_string_is_a_configuration_error_and_is_not_shown(string text)
    {
        var error = Should.Throw<EtlException>(() => ConnectionText.Parse(text)).Error;

        error.Code.ShouldBe(ErrorCode.Configuration);
        $"{error.Message} {error.NextStep}".ShouldNotContain("secret");
        error.NextStep.ShouldContain("ETL__POSTGRES__CONNECTIONSTRING");
    }

    [Theory]
    [InlineData("host=db.example port=6432 user=loader password=s3cret dbname=shop", "s3cret")]
    [InlineData("host = db.example port = 6432 user = loader password = s3cret dbname = shop", "s3cret")]
    [InlineData("password='it''s' host=db.example port=6432 user=loader dbname=shop", null)]
    [InlineData(@"password='it\'s a \\ b;c=d' host=db.example port=6432 user=loader dbname=shop", @"it's a \ b;c=d")]
    [InlineData(@"host='db.example' port=6432 user=loader password=a\ b;c@d dbname='shop'", "a b;c@d")]
    [InlineData("password=a;b host=db.example port=6432 user=loader dbname=shop", "a;b")]
    [InlineData("password='a;Host=b' host=db.example port=6432 user=loader dbname=shop", "a;Host=b")]
    [InlineData("user=loader password= host=db.example port=6432 dbname=shop", null)]
    [InlineData("Host=db.example;Port=6432;Username=loader;Password=a b=c;Database=shop", "a b=c")]
    [InlineData("Password=my secret;Host=db.example;Port=6432;Username=loader;Database=shop", "my secret")]
    [InlineData("Host=db.example;Port=6432;Username=loader;Password=\"a;b\"\"c\";Database=shop", "a;b\"c")]
    [InlineData("Host=db.example;Port=6432;User Id=loader;Password='a;b''c';Database=shop;", "a;b'c")]
    [InlineData("postgresql://loader:p@ss/w0rd?a#b:c@db.example:6432/shop", "p@ss/w0rd?a#b:c")]
    [InlineData("postgres://loader:p%40ss%@db.example:6432/shop?sslmode=verify-full", "p@ss%")]
    [InlineData("postgresql://loader@db.example:6432/shop?password=p/ss", "p/ss")]
    public void Each_form_is_read_as_documented(string text, string? password)
    {
        if (password is null)
        {
            ConnectionText.ProblemOf(text)?.ShouldBe("a quoted value is followed by more text");
            return;
        }

        ConnectionText.Redact(text).ShouldBe("db.example:6432/shop as loader");
        ConnectionText.Parse(text).Password.ShouldBe(password);
    }

    [Fact]
    public void The_last_of_repeated_parameters_counts_where_no_secret_stands_before_it() =>
        ConnectionText.Redact("Host=one;Username=u;Database=d;Host=two").ShouldBe("two:5432/d as u");

    [Fact]
    public void Several_hosts_of_libpq_keep_their_own_ports() =>
        ConnectionText.Parse("host=one,two port=5433,5434 dbname=shop").Host.ShouldBe("one:5433,two:5434");

    [Theory]
    [InlineData("Hots=db.example;Database=shop", "the parameter 'Hots' is unknown, 'host' is similar")]
    [InlineData("host=db.example service=shop", "the parameter 'service' is not supported")]
    [InlineData(
        "postgresql://db.example/shop?sslmod=require",
        "the parameter 'sslmod' is unknown, 'sslmode' is similar"
    )]
    [InlineData("Host=db.example;Colour=red", "parameter 2 is unknown")]
    [InlineData("Host=db.example;Password=abc;hots=secret", "parameter 3 is unknown")]
    [InlineData("postgresql://u:pw@db.example/shop?sslmod=require", "parameter 5 is unknown")]
    [InlineData("Host=db.example;Password=abc;secret", "a parameter has no name or no value")]
    [InlineData("host=db.example password=abc secret user=u", "a parameter has no name or no value")]
    [InlineData("Host=db.example;Password='abc'secret", "a quoted value is followed by more text")]
    [InlineData("Password=x;Host=db.example;Host=secret", "parameter 3 repeats an earlier parameter")]
    [InlineData("Password=x;Username=u;User Id=secret", "parameter 3 repeats an earlier parameter")]
    [InlineData("Host=db.example;Port=secret", "its port is not a number from 1 to 65535")]
    [InlineData("Host=db.example;SSL Mode=secret", "the value of parameter 2 cannot be used")]
    [InlineData("Host=db!secret", "its host is not a host name, an IP address or the path of a socket")]
    [InlineData(
        "postgresql://u:secret1@h/d?application_name=a@secret2",
        "it is not a valid URI; percent-encode the reserved characters of the password"
    )]
    public void The_problem_is_reported_without_any_part_of_the_string(string text, string problem)
    {
        ConnectionText.ProblemOf(text).ShouldBe(problem);
        var exception = Should.Throw<EtlException>(() => ConnectionText.Parse(text));
        exception.Error.Code.ExitCode().ShouldBe(2);
        exception.InnerException.ShouldBeNull();
        exception.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void A_malformed_name_is_not_shown() =>
        ConnectionText
            .Redact("host=db.example user=upassword=s3cret dbname=d")
            .ShouldBe("db.example:5432/d as (name not shown)");

    [Theory]
    [InlineData("12.20", false)]
    [InlineData("13.0", true)]
    [InlineData("18.4", true)]
    public void A_server_before_version_13_is_refused(string version, bool supported)
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
