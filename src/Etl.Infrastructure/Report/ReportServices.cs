using Etl.Application.Export;
using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Report;

/// <summary>Registers the report. The lake is resolved on the first write: a report to a file needs none.</summary>
internal static class ReportServices
{
    public static IServiceCollection AddReport(this IServiceCollection services) =>
        services
            .AddSingleton<IFigureReader, FigureReader>()
            .AddSingleton<IRunReport>(p => new HtmlReport(
                new ReportReader(
                    p.GetRequiredService<NpgsqlDataSource>(),
                    p.GetRequiredService<IRunHistory>(),
                    p.GetRequiredService<IOptions<AnalyticsOptions>>().Value,
                    p.GetRequiredService<IOptions<SchemaOptions>>().Value
                ),
                new Lazy<IDataLake>(p.GetRequiredService<IDataLake>),
                p,
                p.GetRequiredService<TimeProvider>()
            ));
}
