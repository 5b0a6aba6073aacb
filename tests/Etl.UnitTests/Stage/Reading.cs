using System.Text;
using Etl.Application.Options;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;
using Etl.TestKit;

namespace Etl.UnitTests.Stage;

/// <summary>Reads text as a file of a dataset and shows what came of it.</summary>
internal sealed class Reading : IRowSink
{
    private Dataset dataset = DatasetCatalog.BuiltIn.All[0];
    private int unflushed;

    /// <summary>Each row's values as the table would show them, NULL as the empty text.</summary>
    public List<string> Rows { get; } = [];

    public List<RejectedRow> Rejects { get; } = [];

    /// <summary>Rows and rejects in file order; see <see cref="Rejected"/>.</summary>
    public List<string> Outcomes { get; } = [];

    public int FlushEvery { get; set; } = int.MaxValue;

    public SnapshotResult Result { get; private set; } = null!;

    public bool IsFull => unflushed >= FlushEvery;

    public bool WantsReject => true;

    public RejectedRow Reject => Rejects.Single();

    public static Task<Reading> OfAsync(string dataset, string text, int piece = int.MaxValue, int readSize = 0) =>
        OfAsync(dataset, Encoding.UTF8.GetBytes(text), new QualityOptions(), piece, readSize);

    public static Task<Reading> OfAsync(
        string dataset,
        byte[] bytes,
        QualityOptions quality,
        int piece = int.MaxValue,
        int readSize = 0,
        long keyBudget = ParserSettings.DefaultKeyBudget
    ) => OfAsync(DatasetCatalog.BuiltIn.Named(dataset), bytes, quality, piece, readSize, keyBudget);

    public static async Task<Reading> OfAsync(
        Dataset dataset,
        byte[] bytes,
        QualityOptions quality,
        int piece = int.MaxValue,
        int readSize = 0,
        long keyBudget = ParserSettings.DefaultKeyBudget
    )
    {
        var nulls = quality.NullTokens.Count > 0 ? [.. quality.NullTokens] : dataset.Format.NullTokens;
        var reading = new Reading { dataset = dataset with { Format = dataset.Format with { NullTokens = nulls } } };
        var settings = ParserSettings.Of(quality) with { KeyBudgetBytes = keyBudget };
        await reading.ReadAsync(bytes, readSize == 0 ? settings : settings with { ReadSize = readSize }, piece);
        return reading;
    }

    public async Task ReadAsync(byte[] bytes, ParserSettings settings, int piece)
    {
        var source = new MemorySource(piece);
        var file = source.Add(dataset.FileNames[0], bytes);
        var reader = new SnapshotReader(source, settings);
        Result = await reader.ReadAsync(dataset, file, this, progress: null, CancellationToken.None);
    }

    public void Accept(ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        var values = new List<string>();
        for (var i = 0; i < row.Length; i++)
        {
            values.Add(Show(dataset.Columns[i].Type, row[i], text));
        }

        Rows.Add(string.Join('|', values));
        Outcomes.Add(Rows[^1]);
        unflushed++;
    }

    void IRowSink.Reject(RejectedRow row)
    {
        Rejects.Add(row);
        Outcomes.Add(Rejected(row.Code, row.Column, row.Line, row.ByteOffset, row.Raw.Span));
    }

    public static string Rejected(RejectCode code, string? column, long line, long offset, ReadOnlySpan<byte> raw) =>
        $"{code} {column} line {line} offset {offset}: {Encoding.UTF8.GetString(raw)}";

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        unflushed = 0;
        return ValueTask.CompletedTask;
    }

    /// <summary>All that must not depend on how the bytes arrive.</summary>
    public string Everything() =>
        string.Join('\n', Rows)
        + "\n--\n"
        + string.Join(
            '\n',
            Rejects.Select(r =>
                $"{r.Line} {r.ByteOffset} {r.Column} {r.Code} {r.Message} {Convert.ToHexString(r.Raw.Span)}"
            )
        )
        + $"\n-- {Result.Validator.Read} {Result.Hash.Sha256}";

    public static string Show(FieldType type, long value, ReadOnlySpan<byte> text) =>
        value == Row.Null ? ""
        : type.IsText ? Encoding.UTF8.GetString(Row.TextOf(value, text))
        : type.Format(value);
}
