using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Models;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.Configuration;

namespace Etl.Infrastructure.Extensions;

/// <summary>
/// The datasets, models, analytics tables and data tests of the folder that <c>Etl:Extensions:Directory</c> names. They have the
/// same types as the built-in ones and join them in the catalogs, so nothing else distinguishes them.
/// </summary>
internal sealed class LoadedExtensions
{
    private readonly Dictionary<string, FileFormatOptions> formats = [];
    private readonly List<EtlError> errors = [];

    private LoadedExtensions(DatasetCatalog datasets, MartCatalog marts) => (Datasets, Marts) = (datasets, marts);

    /// <summary>The given datasets, and those of the folder.</summary>
    public DatasetCatalog Datasets { get; private set; }

    /// <summary>The given analytics tables, and those of the folder.</summary>
    public MartCatalog Marts { get; private set; }

    /// <summary>The data tests of the folder.</summary>
    public IReadOnlyList<DataTest> Tests { get; private set; } = [];

    /// <summary>The files of the folder, by path.</summary>
    public ExtensionFiles Files { get; private set; } = ExtensionFiles.None;

    /// <summary>The tables of the folder, by name.</summary>
    public IReadOnlySet<string> OwnMarts { get; private set; } = new HashSet<string>();

    /// <summary>How the file of a dataset of the folder is written, where no setting says it; by the name of its section.</summary>
    public FileFormatOptions? FormatOf(string section) => formats.GetValueOrDefault(section);

    /// <summary>
    /// Reads and checks the folder. It is read before services exist, as settings and services derive from the datasets.
    /// </summary>
    /// <param name="etl">The settings.</param>
    /// <param name="datasets">The datasets of the host.</param>
    /// <param name="marts">The analytics tables of the host.</param>
    /// <exception cref="EtlException">Files are wrong; the message reports every error, with file and line.</exception>
    public static LoadedExtensions Load(IConfiguration etl, DatasetCatalog datasets, MartCatalog marts)
    {
        var loaded = new LoadedExtensions(datasets, marts);
        var location = etl["Extensions:Directory"];
        // The check of the settings reports a location of an unknown kind.
        if (!string.IsNullOrWhiteSpace(location) && Location.IsKnown(location))
        {
            var files = Task.Run(() => ExtensionSource.ReadAsync(location, S3OptionsOf(etl), CancellationToken.None));
            loaded.Read(files.GetAwaiter().GetResult());
        }

        return loaded;
    }

    /// <inheritdoc cref="Load"/>
    /// <param name="files">The files of the folder.</param>
    /// <param name="datasets">The datasets of the host.</param>
    /// <param name="marts">The analytics tables of the host.</param>
    internal static LoadedExtensions Of(IReadOnlyList<SourceText> files, DatasetCatalog datasets, MartCatalog marts)
    {
        var loaded = new LoadedExtensions(datasets, marts);
        loaded.Read(files);
        return loaded;
    }

    private void Read(IReadOnlyList<SourceText> files)
    {
        var taken = TakenNames();
        var datasets = new List<Dataset>();
        foreach (var file in Below(files, ExtensionSource.Datasets))
        {
            if (IsFree(file, taken) && DatasetFile.Parse(file, errors) is { } read)
            {
                datasets.Add(read.Dataset);
                formats[FileFormatOptions.SectionOf(read.Dataset.Name)] = read.Format;
            }
        }

        var models = Below(files, Model.Folder)
            .Where(f => CanHaveModel(f, datasets))
            .Select(f => (File: f, Model: Try(() => ModelFile.Parse(f.Location, f.Sha256, f.Text))))
            .Where(m => m.Model is not null)
            .ToDictionary(m => m.File.Name);
        var marts = Below(files, ExtensionSource.Marts)
            .Where(f => IsFree(f, taken))
            .Select(f => (File: f, Mart: Try(() => MartFiles.Parse(f.Location, f.Text))))
            .Where(m => m.Mart is not null)
            .ToList();
        var own = Below(files, ExtensionSource.Tests)
            .Where(f => IsFree(f, [.. DataTest.All.Select(t => t.Name), DataTest.NegativeName]))
            .Select(f => (File: f, Test: Try(() => DataTest.Parse(f.Location, f.Text))))
            .Where(t => t.Test is not null)
            .ToList();

        // A file that could not be read would make others wrong that read its table.
        if (errors.Count == 0)
        {
            var described = Datasets.All.Select(d => d with { Model = models.GetValueOrDefault(d.Name).Model });
            Datasets = new DatasetCatalog([.. described, .. datasets]);
            models.Values.ToList().ForEach(m => CheckModel(m.File, m.Model!));
            var tables = Tables().Concat(marts.Select(m => m.Mart!.Name)).ToHashSet();
            marts.ForEach(m => CheckInputs(m.File, m.Mart!.Inputs, tables));
            own.ForEach(t => CheckInputs(t.File, t.Test!.Inputs, tables));
        }

        if (errors.Count == 0)
        {
            Marts = Ordered([.. Marts.All, .. marts.Select(m => m.Mart!)], marts.Select(m => m.File));
        }

        if (errors.Count > 0)
        {
            throw ExtensionErrors.Of(errors);
        }

        OwnMarts = marts.Select(m => m.Mart!.Name).ToHashSet();
        Tests = [.. own.Select(t => t.Test!)];
        Files = new ExtensionFiles([.. files.Select(f => new ExtensionFile(f.Path, f.Sha256))]);
    }

    private static IEnumerable<SourceText> Below(IEnumerable<SourceText> files, string folder) =>
        files.Where(f => f.Path.StartsWith($"{folder}/", StringComparison.Ordinal));

    /// <summary>The tables of a run, and the sections of settings that are no dataset's.</summary>
    private HashSet<string> TakenNames() =>
        [
            .. Tables(),
            .. Intermediate.All.Select(i => i.Rollup?.Loaded).OfType<string>(),
            .. OptionalDatasets.BuiltIn.All.Select(d => d.Name),
            .. Marts.All.Select(m => m.Name),
            Application.ConfiguredDatasets.Default.ToLowerInvariant(),
        ];

    /// <summary>What statements can read besides marts.</summary>
    private IEnumerable<string> Tables() =>
        Datasets
            .All.Select(d => d.Name)
            .Concat(Intermediate.All.Select(i => i.Name))
            .Concat([TransformPlan.Run, TransformPlan.Products, TransformPlan.Calendar])
            .Concat(Marts.All.Select(m => m.Name));

    /// <summary>Whether the name of a file can be that of a table or test, and is no other's.</summary>
    private bool IsFree(SourceText file, HashSet<string> taken)
    {
        if (!ExtensionSource.IsName(file.Name))
        {
            errors.Add(
                ExtensionErrors.At(
                    file.Location,
                    1,
                    "the name of the file is not a name for a table; use up to 50 lower-case letters, digits and underscores"
                )
            );
            return false;
        }

        if (!taken.Add(file.Name))
        {
            errors.Add(
                ExtensionErrors.At(
                    file.Location,
                    1,
                    $"the name '{file.Name}' belongs to another dataset, table or test; choose another name"
                )
            );
            return false;
        }

        return true;
    }

    private void CheckInputs(
        SourceText file,
        IReadOnlyList<string> inputs,
        HashSet<string> tables,
        string what = "no dataset, intermediate table or mart of this host"
    )
    {
        foreach (var input in inputs.Where(i => !tables.Contains(i)))
        {
            var hint = Nearest.To(input, tables) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
            AddHeaderError(file, "inputs", $"'{input}' is {what}{hint}");
        }
    }

    /// <summary>A model gives the rows of a dataset of the host; one of the folder has its own file.</summary>
    private bool CanHaveModel(SourceText file, List<Dataset> declared)
    {
        var known = string.Join(", ", Datasets.All.Select(d => d.Name));
        var error =
            declared.Exists(d => d.Name == file.Name)
                ? $"the dataset '{file.Name}' has a file, which datasets/{file.Name}.json describes, and a model; remove one of them"
            : Datasets.Find(file.Name) is null
                ? $"'{file.Name}' is not a dataset that a model can give; a model has the name of one of {known}"
            : null;
        if (error is not null)
        {
            errors.Add(ExtensionErrors.At(file.Location, 1, error));
        }

        return error is null;
    }

    private void CheckModel(SourceText file, Model model)
    {
        var delivered = Datasets.Delivered.Select(d => d.Name).ToHashSet();
        CheckInputs(file, model.Inputs, delivered, "no dataset that a file delivers");
        if (Datasets.Find(model.Every) is { Key.Count: 0 })
        {
            AddHeaderError(file, "every", $"'{model.Every}' declares no key, which identifies the rows; add one to it");
        }
    }

    private void AddHeaderError(SourceText file, string entry, string what) =>
        errors.Add(SqlHeader.Parse(file.Location, file.Text).Error(entry, what).Error);

    private MartCatalog Ordered(IReadOnlyList<Mart> all, IEnumerable<SourceText> own)
    {
        try
        {
            return new MartCatalog(all);
        }
        catch (ArgumentException exception)
        {
            errors.Add(ExtensionErrors.At(own.First().Location, 1, exception.Message.Split(" (")[0].TrimEnd('.')));
            return Marts;
        }
    }

    private T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (EtlException exception)
        {
            errors.Add(exception.Error);
            return null;
        }
    }

    private static S3Options S3OptionsOf(IConfiguration etl)
    {
        try
        {
            return etl.GetSection("S3").Get<S3Options>() ?? new S3Options();
        }
        catch (InvalidOperationException)
        {
            // The check of the settings reports the value.
            return new S3Options();
        }
    }
}
