using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Notify;

/// <summary>The message about files of a published day that were delivered again.</summary>
public sealed class RedeliveryMessageTests
{
    private static readonly RunId Id = RunId.Parse("20250702-001");
    private static readonly Run Published = new(Id, new DateOnly(2025, 7, 5), Trigger.Schedule, forced: false, default);

    [Fact]
    public void The_mail_matches_its_golden_file_and_fits_a_phone()
    {
        var message = Write("ab", new("orders.csv", 1_250_812, 750_504), new("reviews.csv", 300, null));

        var text = $"Subject: {message.Subject}\nOutcome: {message.Outcome}\n\n{message.Body}";
        text.ShouldBe(Golden.Expect("redelivered.txt", text));
        message
            .Body.Split('\n')
            .Where(l => l.Length > 60 && !l.Contains(" etl ", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Each_delivery_has_a_message_of_its_own()
    {
        var file = new RedeliveredFile("orders.csv", 2, 1);
        Write("ab", file).Key.ShouldBe(Write("ab", file).Key);
        Write("ab", file).Key.ShouldNotBe(Write("cd", file).Key);
    }

    private static Message Write(string fingerprint, params RedeliveredFile[] files) =>
        RedeliveryMessage.Write(new Redelivery(Id, fingerprint, files), Published);
}
