using System.Net.Sockets;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.Notify;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Telemetry;
using Etl.Infrastructure.Telemetry.Lineage;
using FluentValidation.Results;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Secrets;

/// <summary>Everything that reads, validates or describes a connection string or a URL, with generated strings.</summary>
public sealed class ConnectionLeakTests
{
    private const int Strings = 8000;

    [Fact]
    public void No_description_of_a_connection_contains_any_part_of_its_password()
    {
        var accepted = 0;
        foreach (var leaky in LeakyString.Make(Strings, seed: 5292))
        {
            var (shown, isAccepted) = Describe(leaky.Text);
            accepted += isAccepted ? 1 : 0;
            foreach (var line in shown.Concat(Validate(leaky.Text)))
            {
                LeaksIn(line, leaky).ShouldBeFalse($"{leaky.Text}\nshown as\n{line}");
            }
        }

        // The strings are of both kinds, so neither way goes untried.
        accepted.ShouldBeInRange(Strings / 10, Strings * 9 / 10);
    }

    [Fact]
    public void The_search_finds_a_planted_leak() =>
        LeakyString.Make(1000, seed: 1).Count(s => LeaksIn($"Could not open {s.Text}.", s)).ShouldBeGreaterThan(800);

    private static bool LeaksIn(string line, LeakyString leaky) =>
        leaky.Secrets.Any(s => line.Contains(s, StringComparison.Ordinal));

    private static (List<string> Shown, bool Accepted) Describe(string text)
    {
        try
        {
            var options = new PostgresOptions { ConnectionString = text };
            using var database = PostgresDataSource.Open(options, RdsToken.CreateAsync);
            database.Explains(new SocketException((int)SocketError.ConnectionRefused), "connect", out var error);
            return ([ConnectionText.Redact(text), $"{error}", error!.Message], true);
        }
        catch (EtlException exception)
        {
            // As --verbose shows it: with its cause, if it had one.
            return ([$"{exception.Error}", exception.ToString(), ConnectionText.ProblemOf(text) ?? ""], false);
        }
    }

    private static IEnumerable<string> Validate(string text)
    {
        string[] urls =
        [
            text,
            text.Replace("postgresql://", "http://", StringComparison.Ordinal),
            $"smtp://u:{text}@h",
        ];
        return urls.SelectMany(url => new[]
            {
                new PostgresOptionsValidator().Validate(new PostgresOptions { ConnectionString = url }),
                new OptionsValidator<TelemetryOptions>().Validate(new TelemetryOptions { OtlpEndpoint = url }),
                new OptionsValidator<LineageOptions>().Validate(new LineageOptions { Url = url }),
                new SmtpOptionsValidator().Validate(new SmtpOptions { Host = url }),
                new NotifyOptionsValidator().Validate(
                    new NotifyOptions
                    {
                        TopicArn = url,
                        From = url,
                        To = url,
                    }
                ),
                new OptionsValidator<SourceOptions>().Validate(new SourceOptions { Uri = url }),
                new OptionsValidator<LakeOptions>().Validate(new LakeOptions { Uri = url }),
            }.SelectMany(Messages).Append(SafeText.Url(url)).Append(SafeText.Value(url)));
    }

    private static IEnumerable<string> Messages(ValidationResult result) => result.Errors.Select(e => e.ErrorMessage);
}
