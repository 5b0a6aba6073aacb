namespace Etl.Application.Options;

/// <summary>The definitions that the analytics leave open. Section <c>Etl:Analytics</c>.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>The year that holiday orders are counted in. Default <see cref="PastYear.Calendar"/>.</summary>
    public PastYear PastYear { get; set; } = PastYear.Calendar;

    /// <summary>What makes a product the best. Default <see cref="RankBy.Points"/>.</summary>
    public RankBy RankBy { get; set; } = RankBy.Points;

    /// <summary>Days after the order from which a shipment without delivery is late, 1 to 365. Default 6.</summary>
    public int LateAfterDays { get; set; } = 6;

    /// <summary>Days after the order from which an unshipped item is undelivered, 1 to 365. Default 15.</summary>
    public int UndeliveredAfterDays { get; set; } = 15;
}

/// <summary>Which year is the past year.</summary>
public enum PastYear
{
    /// <summary>The calendar year before the as-of date.</summary>
    Calendar,

    /// <summary>The year that ends with the as-of date: after the same day of the year before, up to it.</summary>
    Rolling,
}

/// <summary>What products are ranked by.</summary>
public enum RankBy
{
    /// <summary>Sum of review points, then number of reviews, then the lower product id.</summary>
    Points,

    /// <summary>Number of reviews, then sum of review points, then the lower product id.</summary>
    Count,
}
