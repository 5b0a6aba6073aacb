using Etl.Application.Notify;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Notify;

/// <summary>The mail of every outcome, as people have looked at it.</summary>
public sealed class MailGoldenTests
{
    public static TheoryData<string> Names => [.. MailGallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mail_reads_as_it_was_looked_at(string name)
    {
        var message = MessageWriter.Write(MailGallery.All[name]);
        var text = $"Subject: {message.Subject}\nOutcome: {message.Outcome}\n\n{message.Body}";
        text.ShouldBe(Golden.Expect($"{name}.txt", text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_line_fits_a_phone_unless_it_cannot_be_broken(string name)
    {
        var body = MessageWriter.Write(MailGallery.All[name]).Body;
        body.Split('\n')
            .Where(l =>
                l.Length > 60
                && !l.Contains("://", StringComparison.Ordinal)
                && !l.Contains(" etl ", StringComparison.Ordinal)
            )
            .Where(l => l.Trim().Contains(' ', StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_raw_row_is_in_no_mail() =>
        MailGallery.All.Values.ShouldAllBe(f => !MessageWriter.Write(f).Body.Contains("raw"));
}
