using Etl.Application.Options;
using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Settings;

/// <summary>A section below <c>Etl</c>, the options class that it fills, and the rules of that class.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Options">The options class; its public properties are the settings.</param>
/// <param name="Validate">Fills the class and says what its validator finds: the property, and what is wrong with it.</param>
internal sealed record SettingsSection(
    string Name,
    Type Options,
    Func<IConfigurationSection, IEnumerable<(string Property, string Fault)>> Validate
);

/// <summary>How a layer's options are read, and checked at the start.</summary>
internal static class SettingsServices
{
    /// <summary>
    /// Reads an options class from its section. Its registered validator checks it, or the attributes of its properties do.
    /// </summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, IConfiguration etl, string name)
        where T : class, new()
    {
        services.Configure<T>(etl.GetSection(name));
        return services.AddSingleton(provider => new SettingsSection(
            name,
            typeof(T),
            section => Validate(section, provider.GetService<IValidator<T>>() ?? new OptionsValidator<T>())
        ));
    }

    /// <summary>The same, for options whose rules lie beside them in this layer.</summary>
    public static IServiceCollection AddSettings<T, TValidator>(
        this IServiceCollection services,
        IConfiguration etl,
        string name
    )
        where T : class, new()
        where TValidator : class, IValidator<T> =>
        services.AddSingleton<IValidator<T>, TValidator>().AddSettings<T>(etl, name);

    private static IEnumerable<(string Property, string Fault)> Validate<T>(
        IConfigurationSection section,
        IValidator<T> validator
    )
        where T : class, new()
    {
        var options = section.Get<T>() ?? new T();
        return validator.Validate(options).Errors.Select(e => (e.PropertyName, e.ErrorMessage));
    }
}
