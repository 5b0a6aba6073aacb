using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>The message about files of a published day that were delivered again.</summary>
internal static class RedeliveryMessage
{
    public static Message Write(Redelivery redelivery, Run published)
    {
        var (date, asOf) = (published.Id.BusinessDate.ToString(), new BusinessDate(published.AsOf).ToString());
        var names = string.Join(", ", redelivery.Files.Select(f => f.FileName));
        var text = new PhoneText()
            .Line("Delivered again. Nothing was changed.")
            .Line($"Business date {date}")
            .Line($"Published by run {published.RunId}")
            .Part("Files that differ");
        foreach (var file in redelivery.Files)
        {
            text.Line(file.ToString(), 2);
        }

        text.Part("Next step").Line("Load them:", 2).Whole(RerunCommand.Of(date, asOf, force: true), 4);
        text.Line("To load them without a person, set Etl:Run:OnRedelivery to Rerun.", 2);
        var subject = MessageWriter.Ascii(
            $"Etl {date} delivered again: {names} differ{(redelivery.Files.Count == 1 ? "s" : "")}"
        );
        return new Message(published.Id, published.Id.BusinessDate, Outcome.Redelivered, subject, text.ToString())
        {
            Key = $"{published.RunId}/{Outcome.Redelivered}/{redelivery.Fingerprint}",
        };
    }
}
