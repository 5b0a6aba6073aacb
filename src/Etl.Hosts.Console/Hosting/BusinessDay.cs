using Etl.Application.Settings;
using Etl.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Console.Hosting;

/// <summary>The day that a command by hand is about.</summary>
internal static class BusinessDay
{
    /// <summary>The day that was given, else today in the configured zone: a person means today.</summary>
    public static BusinessDate Of(IHost host, DateOnly? given)
    {
        if (given is { } day)
        {
            return new BusinessDate(day);
        }

        var schedule = host.Services.GetRequiredService<IOptions<ScheduleOptions>>().Value;
        var clock = host.Services.GetRequiredService<TimeProvider>();
        return BusinessDate.At(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));
    }
}
