using Etl.Application.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Models;

/// <summary>Registers what computes models.</summary>
internal static class ModelServices
{
    public static IServiceCollection AddModels(this IServiceCollection services) =>
        services.AddSingleton<IModelLoader, ModelLoader>();
}
