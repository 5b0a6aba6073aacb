using Etl.Application.Errors;
using Etl.Infrastructure.Transform;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Transform;

public sealed class SelectStatementTests
{
    [Theory]
    [InlineData("select 1", "")]
    [InlineData("-- a; b\nselect 1", ";\n")]
    [InlineData("/* a /* ; */ ; */ WITH x as (select 1) select * from x ", "; -- end\n")]
    [InlineData("select ';', 'it''s; x', e'\\';', \"a;b\"\n", ";")]
    [InlineData("select $$;$$, $b$;$$;$b$, a$1 from t", "")]
    [InlineData("select 1 /* ; */ -- ;", "")]
    public void One_select_is_taken_without_its_semicolon(string select, string end) =>
        SelectStatement.Parse("marts/x.sql", select + end).ShouldBe(select);

    [Theory]
    [InlineData("", "line 1, column 1: the statement is missing")]
    [InlineData("-- only a header\n", "line 2, column 1: the statement is missing")]
    [InlineData("-- h\n  insert into x select 1", "line 2, column 3: the statement does not begin with select or with")]
    [InlineData("-- h\nselected", "line 2, column 1: the statement does not begin with select or with")]
    [InlineData("select 1;\n select 2", "line 2, column 2: a second statement begins")]
    [InlineData("select 1;; ", "line 1, column 10: a second statement begins")]
    [InlineData("select 'a\n", "line 1, column 8: a comment, string or quoted name begins that does not end")]
    [InlineData("select 1\n/* /* */", "line 2, column 1: a comment, string or quoted name begins that does not end")]
    [InlineData("select $x$ a $y$", "line 1, column 8: a comment, string or quoted name begins that does not end")]
    public void Anything_else_is_refused_with_file_and_line(string text, string error)
    {
        var refused = Should.Throw<EtlException>(() => SelectStatement.Parse("marts/x.sql", text)).Error;
        refused.Message.ShouldBe($"marts/x.sql, {error}; the file must be one SELECT.");
        refused.NextStep.ShouldBe("Write one SELECT, which can begin with WITH, and nothing else.");
        refused.Code.ExitCode().ShouldBe(2);
    }
}
