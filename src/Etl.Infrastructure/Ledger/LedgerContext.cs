using Etl.Application.Runs;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// The ledger's model, from which <c>dotnet ef migrations add</c> writes the migrations. The application reads and writes
/// the tables by SQL: loading EF Core takes longer than a run of a small day (decision 18).
/// </summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public const string Schema = "etl";
    public const string HistoryTable = "migrations";

    public static LedgerContext Open(NpgsqlDataSource database) =>
        new(new DbContextOptionsBuilder<LedgerContext>().UseNpgsql(database, Configure).Options);

    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql) =>
        npgsql.MigrationsHistoryTable(HistoryTable, Schema);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // The primary keys start with run_id; no other index is needed for the foreign keys.
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
        configurationBuilder.Properties<RunStatus>().HaveConversion<SnakeCaseConverter<RunStatus>>();
        configurationBuilder.Properties<Trigger>().HaveConversion<SnakeCaseConverter<Trigger>>();
        configurationBuilder.Properties<Step>().HaveConversion<SnakeCaseConverter<Step>>();
        configurationBuilder.Properties<FileRole>().HaveConversion<SnakeCaseConverter<FileRole>>();
        configurationBuilder.Properties<Severity>().HaveConversion<SnakeCaseConverter<Severity>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        LedgerModel.Define(modelBuilder);
    }

    /// <summary>Stores an enum as snake case text.</summary>
    private sealed class SnakeCaseConverter<T>()
        : ValueConverter<T, string>(v => SnakeCase.Text(v), t => SnakeCase.Parse<T>(t))
        where T : struct, Enum;

    /// <summary>Creates the context for <c>dotnet ef</c>, which needs no database.</summary>
    private sealed class DesignTimeFactory : IDesignTimeDbContextFactory<LedgerContext>
    {
        public LedgerContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<LedgerContext>().UseNpgsql(Configure).Options);
    }
}
