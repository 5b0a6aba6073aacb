using Etl.Application.Options;
using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Infrastructure.Settings;

/// <summary>A section below <c>Etl</c>, its options class and the validation of that class.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Options">The options class; its public properties are the settings.</param>
/// <param name="Validate">Binds the section and returns the errors of its validator: property and message.</param>
internal sealed record SettingsSection(
    string Name,
    Type Options,
    Func<IConfigurationSection, IEnumerable<(string Property, string Error)>> Validate
);

/// <summary>Rules between settings of several sections. They are checked where every value can be read.</summary>
/// <param name="Errors">Returns each invalid setting with its error.</param>
internal sealed record SettingsRules(Func<IEnumerable<(string Setting, string Error)>> Errors);

/// <summary>Registers options classes, which <see cref="SettingsCheck"/> validates at startup.</summary>
internal static class SettingsServices
{
    /// <summary>
    /// Binds an options class to its section. The check uses the registered validator, or else the attributes of the properties.
    /// </summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, IConfiguration etl, string name)
        where T : class, new() => services.Configure<T>(etl.GetSection(name)).AddSection<T>(name);

    /// <summary>Binds one of several instances of an options class, named after its section.</summary>
    public static IServiceCollection AddNamedSettings<T>(
        this IServiceCollection services,
        IConfiguration etl,
        string name
    )
        where T : class, new() => services.Configure<T>(name, etl.GetSection(name)).AddSection<T>(name);

    private static IServiceCollection AddSection<T>(this IServiceCollection services, string name)
        where T : class, new() =>
        services.AddSingleton(provider => new SettingsSection(
            name,
            typeof(T),
            section => Validate(section, provider.GetService<IValidator<T>>() ?? new OptionsValidator<T>())
        ));

    /// <summary>Binds an options class of this layer and registers its validator.</summary>
    public static IServiceCollection AddSettings<T, TValidator>(
        this IServiceCollection services,
        IConfiguration etl,
        string name
    )
        where T : class, new()
        where TValidator : class, IValidator<T> =>
        services.AddSingleton<IValidator<T>, TValidator>().AddSettings<T>(etl, name);

    private static IEnumerable<(string Property, string Error)> Validate<T>(
        IConfigurationSection section,
        IValidator<T> validator
    )
        where T : class, new()
    {
        var options = section.Get<T>() ?? new T();
        return validator.Validate(options).Errors.Select(e => (e.PropertyName, e.ErrorMessage));
    }
}
