namespace Etl.Infrastructure.Notify;

/// <summary>How people are told how a run ended. Section <c>Etl:Notify</c>.</summary>
public sealed class NotifyOptions
{
    /// <summary>
    /// ARN of an SNS topic that gets each message, in the region that it names; the AWS SDK finds the credentials. The attributes
    /// <c>outcome</c>, <c>pipeline</c> and <c>business_date</c> are for filter policies. Default none: messages go to
    /// <see cref="Directory"/>.
    /// </summary>
    public string? TopicArn { get; set; }

    /// <summary>
    /// Folder that gets each message as an <c>.eml</c> file, which every mail program opens. Default: <c>mail</c> in the
    /// lake's folder, beside the exports; for a lake in a bucket, <c>etl-mail</c> in the working folder.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>The message's sender. Default <c>etl@localhost</c>.</summary>
    public string From { get; set; } = "etl@localhost";

    /// <summary>The message's receivers, with commas between. Default <c>etl-reports@localhost</c>.</summary>
    public string To { get; set; } = "etl-reports@localhost";
}
