using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Etl.Infrastructure.Ledger;

/// <summary>A run's report, and the time and memory that it took.</summary>
[DbContext(typeof(LedgerContext))]
[Migration(Name)]
internal sealed class ReportAndUsage : Migration
{
    public const string Name = "0002_report_and_usage";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlFile.Read($"Ledger/Migrations/{Name}.sql"));
}
