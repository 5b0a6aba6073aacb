using System.Globalization;
using FluentValidation;

namespace Etl.Application.Options;

/// <summary>When a delivery is complete. Section <c>Etl:Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>
    /// What a delivery must have beside its files; a delivery without it fails the run. Whatever else is delivered is verified,
    /// too. Default <see cref="DeliveryEvidence.None"/>.
    /// </summary>
    public DeliveryEvidence Require { get; set; } = DeliveryEvidence.None;

    /// <summary>
    /// Name of the marker that the sender writes after the last file. A marker that is older than one of the files belongs to an
    /// earlier delivery and is ignored with a warning. Default _SUCCESS.
    /// </summary>
    public string Marker { get; set; } = "_SUCCESS";

    /// <summary>
    /// Name of the control file beside the source files: a CSV file with the header <c>file,rows</c> or <c>file,rows,sha256</c>.
    /// Default none.
    /// </summary>
    public string? Control { get; set; }

    /// <summary>
    /// Time of today in <c>Etl:Schedule:TimeZone</c>, <c>HH:mm</c>, until which a start waits for a complete delivery; after it
    /// the start fails as late. No run and no lease exists meanwhile. Default none: a start does not wait. The Lambda host
    /// refuses it, because a waiting function costs as much as a working one; use a later schedule or an S3 event there.
    /// </summary>
    public string? WaitUntil { get; set; }

    /// <summary>The point in time of <see cref="WaitUntil"/> on the day of the given time; null if it is not set.</summary>
    public DateTimeOffset? DeadlineOn(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (TryReadTime(WaitUntil) is not { } time)
        {
            return null;
        }

        var local = TimeZoneInfo.ConvertTime(now, zone).Date + time.ToTimeSpan();
        // A time that the start of daylight saving time skips is the end of the gap.
        var valid = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(valid, zone.GetUtcOffset(valid));
    }

    internal static TimeOnly? TryReadTime(string? text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, default, out var time) ? time : null;
}

internal sealed class DeliveryOptionsValidator : OptionsValidator<DeliveryOptions>
{
    public DeliveryOptionsValidator()
    {
        RuleFor(o => o.WaitUntil)
            .Must(text => string.IsNullOrEmpty(text) || DeliveryOptions.TryReadTime(text) is not null)
            .WithMessage(o => $"is {SafeText.Value(o.WaitUntil)}; give a time of day as HH:mm, such as 07:30.");
        RuleFor(o => o.Marker)
            .Must(IsName)
            .WithMessage("is not a file name; give a name without a folder, such as _SUCCESS.");
        RuleFor(o => o.Control)
            .Must(name => string.IsNullOrEmpty(name) || IsName(name))
            .WithMessage("is not a file name; give a name without a folder, such as control.csv.");
        RuleFor(o => o.Control)
            .NotEmpty()
            .When(o => o.Require == DeliveryEvidence.Control)
            .WithMessage("is not set, and Etl:Delivery:Require is Control; set the name of the control file.");
    }

    private static bool IsName(string? name) =>
        !string.IsNullOrEmpty(name) && !name.Contains('/') && !name.Contains('\\');
}
