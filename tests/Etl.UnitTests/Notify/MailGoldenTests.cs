using Etl.Application.Notify;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Notify;

/// <summary>Compares the mail of every outcome with its reviewed golden file.</summary>
public sealed class MailGoldenTests
{
    public static TheoryData<string> Names => [.. MailGallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_mail_matches_its_golden_file(string name)
    {
        var message = MessageWriter.Write(MailGallery.All[name]);
        var text = $"Subject: {message.Subject}\nOutcome: {message.Outcome}\n\n{message.Body}";
        text.ShouldBe(Golden.Expect($"{name}.txt", text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lines_fit_a_phone_unless_they_cannot_be_wrapped(string name)
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
    public void Mails_do_not_contain_raw_rows() =>
        MailGallery.All.Values.ShouldAllBe(f => !MessageWriter.Write(f).Body.Contains("raw"));
}
