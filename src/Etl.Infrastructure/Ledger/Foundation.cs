using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Etl.Infrastructure.Ledger;

/// <summary>The ledger, the staging parents and the analytics tables.</summary>
[DbContext(typeof(LedgerContext))]
[Migration(Name)]
internal sealed class Foundation : Migration
{
    public const string Name = "0001_foundation";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(SqlFile.Read($"Ledger/Migrations/{Name}.sql"));
}
