using Etl.Application.Errors;
using Etl.Infrastructure.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Postgres;

public class SqlStatesTests
{
    [Theory]
    [InlineData("28P01", "password", ErrorCode.Database, false)]
    [InlineData("28000", "password", ErrorCode.Database, false)]
    [InlineData("3D000", "does not exist", ErrorCode.Database, false)]
    [InlineData("42501", "lacks a privilege", ErrorCode.Database, false)]
    [InlineData("25006", "read-only", ErrorCode.Database, false)]
    [InlineData("53100", "disk is full", ErrorCode.Database, true)]
    [InlineData("53200", "out of memory", ErrorCode.Database, true)]
    [InlineData("53300", "no free connection", ErrorCode.Database, true)]
    [InlineData("55P03", "lock", ErrorCode.Database, true)]
    [InlineData("40P01", "another session", ErrorCode.Database, true)]
    [InlineData("40001", "another session", ErrorCode.Database, true)]
    [InlineData("57014", "statement_timeout", ErrorCode.Database, false)]
    [InlineData("57P01", "ended the session", ErrorCode.DatabaseUnreachable, true)]
    [InlineData("57P02", "ended the session", ErrorCode.DatabaseUnreachable, true)]
    [InlineData("57P03", "starting up", ErrorCode.DatabaseUnreachable, true)]
    [InlineData("08006", "SQLSTATE 08006", ErrorCode.DatabaseUnreachable, true)]
    [InlineData("XX000", "SQLSTATE XX000", ErrorCode.Database, false)]
    [InlineData("22P05", "encoding of the database", ErrorCode.Database, false)]
    public void Each_sqlstate_has_a_reason_a_code_and_a_retry_decision(
        string state,
        string reason,
        ErrorCode code,
        bool retryable
    )
    {
        var description = SqlStates.Explain(new PostgresException("raw text", "ERROR", "ERROR", state));

        description.Reason.ShouldContain(reason);
        description.Reason.ShouldEndWith($"PostgreSQL reported 'raw text' (SQLSTATE {state})");
        (description.Code, description.Retryable).ShouldBe((code, retryable));
    }

    [Theory]
    [InlineData("08P01", "pooler")]
    [InlineData("23514", "constraint, trigger or rule")]
    [InlineData("42P07", "etl migrate")]
    [InlineData("P0001", "owner of the database")]
    [InlineData("99999", "server's log")]
    public void An_error_without_a_reason_of_its_own_has_the_next_step_of_its_class(string state, string nextStep) =>
        SqlStates.Explain(new PostgresException("raw text", "ERROR", "ERROR", state)).NextStep.ShouldContain(nextStep);

    [Theory]
    [InlineData("failure on connection marked as essential: 10.0.0.7:5432")]
    [InlineData("server closed the connection unexpectedly")]
    [InlineData("connection to the remote node etl@10.0.0.7:5432 failed")]
    public void A_coordinator_that_lost_a_node_is_tried_again(string message)
    {
        var description = SqlStates.Explain(new PostgresException(message, "ERROR", "ERROR", "XX000"));

        description.Reason.ShouldStartWith("the connection to a node of the cluster was lost");
        description.NextStep.ShouldContain("etl doctor");
        (description.Code, description.Retryable).ShouldBe((ErrorCode.DatabaseUnreachable, true));
    }
}
