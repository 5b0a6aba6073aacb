using Etl.Infrastructure.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Secrets;

/// <summary>Errors of a server in several languages, with generated values of rows.</summary>
public sealed class ServerTextTests
{
    private const string Value = "Qvalue";
    private const string Marks = "\"()=,. '«»„“:relation ";

    private static readonly (string State, string Message, string Detail)[] Templates =
    [
        ("22P02", "invalid input syntax for type integer: \"{0}\"", ""),
        ("22003", "value \"{0}\" is out of range for type integer", ""),
        ("22P02", "ungültige Eingabesyntax für Typ integer: »{0}«", ""),
        ("22P02", "syntaxe en entrée invalide pour le type integer : « {0} »", ""),
        ("22P02", "invalid input syntax for type json", "Token \"{0}\" is invalid."),
        (
            "23505",
            "duplicate key value violates unique constraint \"orders_pkey\"",
            "Key (a, b)=({0}, 1) already exists."
        ),
        ("23505", "doppelter Schlüsselwert", "Schlüssel »(a)=({0})« existiert bereits."),
        ("23503", "insert or update violates", "Key (a)=({0}) is not present in table \"products\"."),
        ("23514", "new row for relation \"orders\" violates check constraint \"c\"", "Failing row contains (1, {0})."),
        ("23502", "null value in column \"x\" of relation \"orders\"", "Fehlgeschlagene Zeile enthält ({0}, null)."),
        ("28P01", "password authentication failed for user \"u:/{0}\"", ""),
        ("3D000", "database \"a\"{0}\" does not exist", ""),
        (
            "23514",
            "no partition of relation \"o\" found for row",
            "Partition key of the failing row contains (r) = ({0})."
        ),
    ];

    [Fact]
    public void No_value_of_a_row_is_shown()
    {
        var random = new Random(11);
        for (var round = 0; round < 5000; round++)
        {
            var (state, message, detail) = Templates[round % Templates.Length];
            var value = string.Concat(Enumerable.Range(0, 4).Select(_ => $"{Mark(random)}{Value}{Mark(random)}"));
            var shown = ServerText.Of(
                Error(
                    state,
                    message.Replace("{0}", value, StringComparison.Ordinal),
                    detail.Replace("{0}", value, StringComparison.Ordinal)
                )
            );

            shown.ShouldNotContain(Value, Case.Sensitive, $"value {value} in {message} {detail}");
            shown.ShouldContain($"SQLSTATE {state}");
        }
    }

    [Theory]
    [InlineData("42P07", "relation \"orders\" already exists", "relation \"orders\" already exists")]
    [InlineData("42501", "permission denied for user \"etl\"", "for user \"etl\"")]
    [InlineData("42501", "permission denied for user \"u:s3cr3t/\"", "for user \"…\"")]
    [InlineData("28P01", "password authentication failed for user \"u:s3cr3t/\"", "for user \"…\"")]
    [InlineData("P0001", "several\nlines\tare\none.", "'several lines are one'")]
    [InlineData("22021", "invalid byte sequence for encoding \"UTF8\": 0xff 0xfe", "for encoding \"UTF8\": …")]
    public void Names_are_kept_and_other_quoted_text_is_removed(string state, string message, string shown) =>
        ServerText.Of(Error(state, message, "")).ShouldContain(shown);

    [Fact]
    public void A_long_text_is_cut() =>
        ServerText.Of(Error("P0001", new string('x', 9000), "")).Length.ShouldBeLessThan(500);

    private static string Mark(Random random) => Marks[random.Next(Marks.Length)].ToString();

    private static PostgresException Error(string state, string message, string detail) =>
        new(message, "ERROR", "ERROR", state, detail: detail);
}
