using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;

namespace Etl.Infrastructure.Stage;

/// <summary>What a loader found in a part, for the process that leads the run.</summary>
internal sealed record PartResult
{
    public required string Sha256 { get; init; }

    public string? Md5 { get; init; }

    public bool? EndsWithLineEnd { get; init; }

    public required RowCounts Rows { get; init; }

    public required IReadOnlyDictionary<RejectCode, long> RejectsByCode { get; init; }

    public required IReadOnlyList<RejectedRow> FirstRejects { get; init; }

    public required IReadOnlyList<string> IgnoredColumns { get; init; }

    public required IReadOnlyList<ValueForm> ValueForms { get; init; }

    public required IReadOnlyList<string> Hints { get; init; }

    public required IReadOnlyList<NegativeSum> NegativeValues { get; init; }

    public required IReadOnlyList<NamedSum> Sums { get; init; }

    public required byte[] Header { get; init; }

    [JsonIgnore]
    public FileHash Hash => new(Sha256, Md5);

    public static PartResult Of(StagedFile file) =>
        new()
        {
            Sha256 = file.Sha256,
            Md5 = file.Md5,
            EndsWithLineEnd = file.EndsWithLineEnd,
            Rows = file.RowCounts,
            RejectsByCode = file.RejectsByCode,
            FirstRejects = file.FirstRejects,
            IgnoredColumns = file.IgnoredColumns,
            ValueForms = file.ValueForms,
            Hints = file.Hints,
            NegativeValues = [.. file.NegativeValues.Select(n => new NegativeSum(n.Count, NamedSum.Of(n.Sum)))],
            Sums = [.. file.Sums.Select(NamedSum.Of)],
            Header = file.Header.ToArray(),
        };

    public StagedFile Stage(Dataset dataset, SourceFile file) =>
        new(dataset.Name, file, Sha256, Rows)
        {
            Md5 = Md5,
            EndsWithLineEnd = EndsWithLineEnd,
            RejectsByCode = RejectsByCode,
            FirstRejects = FirstRejects,
            IgnoredColumns = IgnoredColumns,
            Format = FileFormatJson.Write(dataset.Format),
            ValueForms = ValueForms,
            Hints = Hints,
            NegativeValues = [.. NegativeValues.Select(n => new NegativeValues(n.Count, n.Sum.For(dataset)))],
            Sums = [.. Sums.Select(s => s.For(dataset))],
            Header = Header,
        };

    public string Write() => JsonSerializer.Serialize(this, PartJsonContext.Default.PartResult);

    public static PartResult Read(string json) => JsonSerializer.Deserialize(json, PartJsonContext.Default.PartResult)!;
}

/// <summary>The sum of a column of the part's dataset.</summary>
internal sealed record NamedSum(string Column, Int128 Total)
{
    public static NamedSum Of(ColumnSum sum) => new(sum.Column.Name, sum.Total);

    public ColumnSum For(Dataset dataset) => new(dataset.Name, dataset.Columns.Single(c => c.Name == Column), Total);
}

/// <summary>Values of a column below 0.</summary>
internal sealed record NegativeSum(long Count, NamedSum Sum);

[JsonSerializable(typeof(PartResult))]
[JsonSerializable(typeof(SourceFile))]
internal sealed partial class PartJsonContext : JsonSerializerContext;
