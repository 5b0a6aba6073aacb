namespace Etl.Application.Options;

/// <summary>Definitions of the analytics that may differ between companies. Section <c>Etl:Analytics</c>.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>The year in which holiday orders are counted. Default <see cref="PastYear.Calendar"/>.</summary>
    public PastYear PastYear { get; set; } = PastYear.Calendar;

    /// <summary>How the best product is ranked. Default <see cref="RankBy.Points"/>.</summary>
    public RankBy RankBy { get; set; } = RankBy.Points;

    /// <summary>Days after the order from which a shipment without delivery is late. Default 6.</summary>
    [Bounds(1, 365, "days")]
    public int LateAfterDays { get; set; } = 6;

    /// <summary>Days after the order from which an unshipped item is undelivered. Default 15.</summary>
    [Bounds(1, 365, "days")]
    public int UndeliveredAfterDays { get; set; } = 15;
}

/// <summary>Which year is the past year.</summary>
public enum PastYear
{
    /// <summary>The calendar year before the as-of date.</summary>
    Calendar,

    /// <summary>The year that ends with the as-of date; it starts on the day after the same day of the year before.</summary>
    Rolling,
}

/// <summary>What products are ranked by.</summary>
public enum RankBy
{
    /// <summary>Sum of review points, then number of reviews, then the lower product ID.</summary>
    Points,

    /// <summary>Number of reviews, then sum of review points, then the lower product ID.</summary>
    Count,
}
