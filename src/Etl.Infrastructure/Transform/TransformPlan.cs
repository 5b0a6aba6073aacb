using Etl.Application.Errors;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Stage.Rollups;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// What a run computes, and in which order, derived from the inputs that the <c>.sql</c> headers name: the passes over the rows
/// of datasets, then every table after its inputs. Tables that no mart needs are left out.
/// </summary>
internal sealed class TransformPlan
{
    public const string Run = "run";
    public const string Products = "products";
    public const string Calendar = "calendar";

    private readonly DatasetCatalog datasets;
    private readonly MartCatalog marts;
    private readonly IReadOnlyList<Intermediate> intermediates;
    private readonly List<string> steps = [];

    /// <param name="datasets">The datasets.</param>
    /// <param name="marts">The analytics tables.</param>
    /// <param name="ownTests">Data tests besides the built-in ones; the tables that they read are computed for them.</param>
    public TransformPlan(DatasetCatalog datasets, MartCatalog marts, params IEnumerable<DataTest> ownTests)
    {
        var own = ownTests.ToList();
        (this.datasets, this.marts, intermediates) = (datasets, marts, Intermediate.Of(datasets));
        marts.All.ToList().ForEach(m => Append(m.Name, m.Name, []));
        own.ForEach(t => t.Inputs.ToList().ForEach(i => Append(i, t.Name, [])));
        Sums =
        [
            .. datasets
                .All.Where(d => d.SummedColumns.Any())
                .Select(d =>
                    (d, intermediates.FirstOrDefault(i => steps.Contains(i.Name) && i.Sums == d.Name)?.Name ?? d.Name)
                ),
        ];
        Views = [.. intermediates.Where(i => i.IsView && steps.Contains(i.Name))];
        Steps = [.. steps.Except(Views.Select(v => v.Name))];
        Joins = [.. Steps.Where(IsJoin)];
        BesideJoins = [.. Steps.Where(s => !Joins.Contains(s) && !ReadsJoin(s))];
        AfterJoins = [.. Steps.Except(Joins).Except(BesideJoins)];
        Rollups = new RollupCatalog(
            intermediates.Where(i => steps.Contains(i.Name)).Select(i => i.Rollup).OfType<Rollup>()
        );
        Tests =
        [
            .. DataTest
                .All.Concat(DataTest.NegativeFigures(marts))
                .Concat(own)
                .Where(t => t.Inputs.All(n => n == Run || datasets.Find(n) is not null || steps.Contains(n)))
                .OrderBy(t => t.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The views of datasets, which exist before all tables.</summary>
    public IReadOnlyList<Intermediate> Views { get; }

    /// <summary>All tables, each after its inputs: intermediate ones, marts, products, calendar.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>The intermediate tables that join the rows of datasets: half of the work, and needed late.</summary>
    public IReadOnlyList<string> Joins { get; }

    /// <summary>The tables that need no join of rows. They are computed at the same time as the joins.</summary>
    public IReadOnlyList<string> BesideJoins { get; }

    /// <summary>The tables that are computed from those of both groups.</summary>
    public IReadOnlyList<string> AfterJoins { get; }

    /// <summary>For each dataset with summed columns the table that has their sums: an intermediate one, or its own.</summary>
    public IReadOnlyList<(Dataset Dataset, string Table)> Sums { get; }

    /// <summary>The tables of <see cref="Steps"/> that loaders can compute.</summary>
    public RollupCatalog Rollups { get; }

    /// <summary>The data tests whose tables are computed, by name.</summary>
    public IReadOnlyList<DataTest> Tests { get; }

    /// <summary>Every table that the transform makes.</summary>
    public IEnumerable<string> Tables => Steps.Append(Run);

    /// <summary>The statement of an intermediate table.</summary>
    public string SqlOf(string name) => intermediates.Single(i => i.Name == name).Sql;

    private bool IsJoin(string step) =>
        intermediates.FirstOrDefault(i => i.Name == step) is { } found
        && found.Inputs.Count(IsOfDatasets) > 1
        && found.Inputs.All(i => i == Run || IsOfDatasets(i));

    private bool ReadsJoin(string step) =>
        InputsOf(step, step).Where(i => i != step && Steps.Contains(i)).Any(i => Joins.Contains(i) || ReadsJoin(i));

    private bool IsOfDatasets(string name) => datasets.Find(name) is not null || Views.Any(v => v.Name == name);

    private void Append(string name, string reader, HashSet<string> path)
    {
        if (name == Run || steps.Contains(name) || datasets.Find(name) is not null)
        {
            return;
        }

        if (!path.Add(name))
        {
            throw Wrong($"The tables {string.Join(", ", path)} read each other.");
        }

        foreach (var input in InputsOf(name, reader).Where(i => i != name))
        {
            Append(input, name, path);
        }

        path.Remove(name);
        steps.Add(name);
    }

    private IReadOnlyList<string> InputsOf(string name, string reader) =>
        name == Calendar
            ? RunCalendar.Inputs
            : intermediates.FirstOrDefault(i => i.Name == name)?.Inputs
                ?? marts.All.FirstOrDefault(m => m.Name == name)?.Inputs
                ?? throw Wrong(
                    $"'{name}', an input of {reader}, is no dataset, intermediate table or mart of this host."
                );

    private static EtlException Wrong(string message) =>
        new(ErrorCode.Configuration, message, "Correct the entry '-- inputs:' of the .sql file, or add what it names.");
}
