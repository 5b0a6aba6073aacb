using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

public sealed class MessageTests
{
    [Fact]
    public void A_subject_is_one_ascii_line_of_at_most_99_characters()
    {
        var error = new EtlError(ErrorCode.SourceHeader, $"Spalte „Größe“\nfehlt {new string('x', 200)}", "correct it");
        var subject = Write(SummaryJson.OfError(error, "2026-03-01", "2026-03-01")).Subject;
        subject.Length.ShouldBe(99);
        subject.ShouldAllBe(c => c >= ' ' && c <= '~');
        subject.ShouldStartWith("Etl 2026-03-01 failed: Spalte ?Gr??e??fehlt");
        subject.ShouldEndWith("...");
    }

    [Fact]
    public void A_failure_says_what_happened_and_what_to_do()
    {
        var error = new EtlError(ErrorCode.SourceMissing, "The orders file is missing.", "Put it there.");
        var body = Write(SummaryJson.OfError(error, "2026-03-01", "2026-03-01")).Body;
        body.ShouldContain(
            """
            Error
              The orders file is missing.

            Next step
              Put it there.
                etl run --date 2026-03-01
              A rerun is safe.

            """
        );
    }

    private static Message Write(RunSummary summary) => MessageWriter.Write(new MessageFacts(Run: null, summary));
}
