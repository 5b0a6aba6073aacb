using Etl.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Ledger;

/// <summary>The ledger and its lease.</summary>
internal static class LedgerServices
{
    public static IServiceCollection AddLedger(this IServiceCollection services) =>
        services.AddSingleton<LeaseOwner>().AddSingleton<IRunLedger, RunLedger>();
}
