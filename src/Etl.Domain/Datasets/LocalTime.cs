namespace Etl.Domain.Datasets;

/// <summary>A day, and where a format has them, the time of the day and its offset.</summary>
/// <param name="DayNumber">As <see cref="DateOnly.DayNumber"/> counts.</param>
/// <param name="Minutes">Whole minutes since midnight.</param>
/// <param name="Offset">Minutes before UTC; null without an offset.</param>
public readonly record struct LocalTime(int DayNumber, int Minutes, int? Offset);
