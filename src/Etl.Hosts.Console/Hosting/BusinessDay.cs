using Etl.Application.Options;
using Etl.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Console.Hosting;

/// <summary>The day that a command by hand is about.</summary>
internal static class BusinessDay
{
    /// <summary>
    /// The day that was given, else the configured zone's day of the moment that a schedule meant, else today there: a person
    /// means today.
    /// </summary>
    public static BusinessDate Of(IHost host, DateOnly? given, DateTimeOffset? meant = null)
    {
        if (given is { } day)
        {
            return new BusinessDate(day);
        }

        var schedule = host.Services.GetRequiredService<IOptions<ScheduleOptions>>().Value;
        var moment = meant ?? host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        return BusinessDate.At(moment, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));
    }
}
