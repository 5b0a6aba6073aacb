namespace Etl.Application.Options;

/// <summary>When a day is. Section <c>Etl:Schedule</c>.</summary>
public sealed class ScheduleOptions
{
    /// <summary>IANA time zone in which a moment becomes a business date. Default <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";
}
