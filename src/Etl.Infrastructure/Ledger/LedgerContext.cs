using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// The ledger's tables, as the files in <c>Migrations</c> make them: for migrations and for what people read. A run itself
/// keeps off it, as loading EF takes longer than loading the data.
/// </summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public const string Schema = "etl";
    public const string HistoryTable = "migrations";

    /// <summary>Columns of <c>etl.runs</c> that the domain's run does not carry.</summary>
    public const string ManifestUri = nameof(ManifestUri);
    public const string DurationMs = nameof(DurationMs);
    public const string PeakMemoryBytes = nameof(PeakMemoryBytes);

    /// <inheritdoc cref="ManifestUri"/>
    public const string ReportUri = nameof(ReportUri);

    public DbSet<Run> Runs => Set<Run>();
    public DbSet<StepRow> Steps => Set<StepRow>();
    public DbSet<FileRow> Files => Set<FileRow>();
    public DbSet<TestRow> Tests => Set<TestRow>();
    public DbSet<ExportRow> Exports => Set<ExportRow>();
    public DbSet<MessageRow> Messages => Set<MessageRow>();

    public static LedgerContext Open(NpgsqlDataSource database) =>
        new(
            new DbContextOptionsBuilder<LedgerContext>()
                .UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, Schema))
                // Migrations are written by hand as SQL, so there is no snapshot that the model could be compared with.
                .ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning))
                .Options
        );

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<RunStatus>().HaveConversion<SnakeCaseConverter<RunStatus>>();
        configurationBuilder.Properties<Trigger>().HaveConversion<SnakeCaseConverter<Trigger>>();
        configurationBuilder.Properties<Step>().HaveConversion<SnakeCaseConverter<Step>>();
        configurationBuilder.Properties<Outcome>().HaveConversion<SnakeCaseConverter<Outcome>>();
        configurationBuilder.Properties<FileRole>().HaveConversion<SnakeCaseConverter<FileRole>>();
        configurationBuilder.Properties<Severity>().HaveConversion<SnakeCaseConverter<Severity>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Run>(run =>
        {
            run.ToTable("runs").HasKey(r => r.RunId);
            run.Ignore(r => r.Id).Ignore(r => r.IsUnfinished);
            run.Property<string?>(ManifestUri);
            run.Property<string?>(ReportUri);
            run.Property<long>(DurationMs);
            run.Property<long>(PeakMemoryBytes);
            NameColumns(run);
        });
        Map<StepRow>("run_steps", nameof(StepRow.RunId), nameof(StepRow.Attempt), nameof(StepRow.Step));
        Map<FileRow>("run_files", nameof(FileRow.RunId), nameof(FileRow.Dataset), nameof(FileRow.Role));
        Map<TestRow>("run_tests", nameof(TestRow.RunId), nameof(TestRow.Name));
        Map<ExportRow>("run_exports", nameof(ExportRow.RunId), nameof(ExportRow.TableName));
        Map<MessageRow>("messages", nameof(MessageRow.RunId), nameof(MessageRow.Outcome));

        void Map<T>(string table, params string[] key)
            where T : class =>
            modelBuilder.Entity<T>(row =>
            {
                row.ToTable(table).HasKey(key);
                NameColumns(row);
            });
    }

    private static void NameColumns<T>(EntityTypeBuilder<T> entity)
        where T : class
    {
        foreach (var property in entity.Metadata.GetProperties())
        {
            property.SetColumnName(SnakeCase.Of(property.Name));
        }
    }
}
