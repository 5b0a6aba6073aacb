using Etl.Application;
using Etl.Application.Operations;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Suggest;

/// <summary>Collects the settings and questions about one file.</summary>
/// <param name="section">The file's section, such as <c>Etl:Files:Orders</c>.</param>
internal sealed class Findings(string section)
{
    private readonly List<SuggestedSetting> settings = [];
    private readonly List<string> questions = [];

    public IReadOnlyList<SuggestedSetting> Settings => settings;

    public IReadOnlyList<string> Questions => questions;

    public void Set(string name, string value, string evidence) => SetPath($"{section}:{name}", value, evidence);

    public void SetPath(string path, string value, string evidence) =>
        settings.Add(new SuggestedSetting(path, value, evidence));

    public void Ask(string question) => questions.Add(question);

    /// <summary>The setting that states what the ids of a column are.</summary>
    public static string IdPath(Column column) => $"Etl:Ids:{column.Id}";

    public string PathOf(string name) => $"{section}:{name}";
}
