using Etl.Infrastructure.Postgres;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Postgres;

public class SchemaOptionsTests
{
    [Theory]
    [InlineData("staging", "analytics")]
    [InlineData("Shop \"raw\"", "märts")]
    [InlineData("public", "run_daily")]
    public void Any_name_that_the_server_accepts_is_valid(string staging, string analytics) =>
        Errors(staging, analytics).ShouldBeEmpty();

    [Theory]
    [InlineData("", "a", "is not a name")]
    [InlineData("a\n", "b", "is not a name")]
    [InlineData("äääääääääääääääääääääääääääääääää", "b", "1 to 63 bytes")]
    [InlineData("etl", "b", "is reserved")]
    [InlineData("a", "pg_temp", "is reserved")]
    [InlineData("a", "information_schema", "is reserved")]
    [InlineData("run_20250630_001", "b", "is reserved")]
    [InlineData("same", "same", "is the same schema")]
    public void Other_names_are_refused(string staging, string analytics, string error) =>
        Errors(staging, analytics).ShouldContain(e => e.Contains(error));

    private static List<string> Errors(string staging, string analytics) =>
        [
            .. new SchemaOptionsValidator()
                .Validate(new SchemaOptions { Staging = staging, Analytics = analytics })
                .Errors.Select(e => e.ErrorMessage),
        ];
}
