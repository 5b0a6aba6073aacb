using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Tables, keys, checks, indexes and comments of schema <c>etl</c>. A table that a record of the application describes is
/// mapped from it; the others are property bags. Names are PostgreSQL's own: <c>runs_pkey</c>, <c>run_files_role_check</c>.
/// </summary>
internal static class LedgerModel
{
    private const string RunId = nameof(Run.RunId);

    public static void Define(ModelBuilder model)
    {
        model.Entity<Run>(Runs);
        Part<StepRecord>(
            model,
            "run_steps",
            "Each execution of a step; one row per run, attempt and step.",
            [nameof(StepRecord.Attempt), nameof(StepRecord.Step)]
        );
        Part<FileRecord>(
            model,
            "run_files",
            "Each file that a run read: of a dataset one, or its parts.",
            [nameof(FileRecord.Dataset), nameof(FileRecord.Role), nameof(FileRecord.Part)],
            Files
        );
        Bag(
            model,
            "run_parts",
            "Parts that several loaders share: who has claimed each, and what was found in it.",
            Parts
        );
        Part<DataTestResult>(model, "run_tests", "The result of each data test.", [nameof(DataTestResult.Name)]);
        Part<ExportRecord>(
            model,
            "run_exports",
            "Each table that a run exported.",
            [nameof(ExportRecord.Table)],
            export => export.Property(e => e.Table).HasColumnName("table_name")
        );
        Bag(model, "run_extensions", "The files of extensions that each attempt of a run was loaded with.", Extensions);
        Bag(model, "reject_counts", "Number of rejected rows by code, stored in the quarantine or not.", RejectCounts);
        Bag(model, "quarantine", "Rejected rows with their bytes, up to the limit of a run.", Quarantine);
        Bag(model, "messages", "The outbox: messages of runs, and of starts without a run.", Messages);
        model.SharedTypeEntity<Dictionary<string, object>>("starts", Starts);
        Bag(
            model,
            "redeliveries",
            "Each delivery of a published day that was run again, by what was delivered.",
            Redeliveries
        );

        foreach (var entity in model.Model.GetEntityTypes())
        {
            entity.FindPrimaryKey()!.SetName($"{entity.GetTableName()}_pkey");
        }
    }

    private static void Files(EntityTypeBuilder<FileRecord> file)
    {
        file.Ignore(f => f.ResolvedFormat);
        file.Property(f => f.Role).HasDefaultValueSql("'source'");
        file.Property(f => f.Part)
            .HasComment("Path of the file below the source: a dataset can have several parts; empty without a file.");
        file.Property(f => f.Skipped)
            .HasComment("Records that hold no row: lines without a value, and repeated headers.");
        file.Property(f => f.EndsWithLineEnd)
            .HasComment("Whether the last byte ends a line; null for a file without a byte.");
        file.Property(f => f.Format)
            .HasComment("The resolved format of the file as JSON: corrected rows are read with it.");
        file.Property<byte[]?>("Header")
            .HasComment("The file's header line as read: rejected rows are exported and corrected in its order.");
        file.ToTable(t =>
            t.HasCheckConstraint("run_files_role_check", "role in ('source', 'base', 'corrected', 'model')")
        );
    }

    private static void Part<T>(
        ModelBuilder model,
        string table,
        string comment,
        string[] key,
        Action<EntityTypeBuilder<T>>? define = null
    )
        where T : class =>
        model.Entity<T>(part =>
        {
            part.Property<string>(RunId).HasColumnOrder(0);
            part.HasKey([RunId, .. key]);
            foreach (var (order, column) in key.Index())
            {
                part.Property(column).HasColumnOrder(order + 1);
            }

            define?.Invoke(part);
            OfRun(part, table, comment);
        });

    private static void Bag(
        ModelBuilder model,
        string table,
        string comment,
        Action<EntityTypeBuilder<Dictionary<string, object>>> define
    ) =>
        model.SharedTypeEntity<Dictionary<string, object>>(
            table,
            bag =>
            {
                Column<string>(bag, RunId);
                define(bag);
                OfRun(bag, table, comment);
            }
        );

    private static void Runs(EntityTypeBuilder<Run> run)
    {
        run.ToTable(
            "runs",
            t =>
            {
                t.HasComment(
                    "One row per run. At most one run of a date is succeeded, and at most one run holds a lease."
                );
                t.HasCheckConstraint("runs_number_check", "number > 0");
                t.HasCheckConstraint(
                    "runs_status_check",
                    "status in ('running', 'succeeded', 'superseded', 'rolled_back', 'failed', 'timed_out', 'cancelled')"
                );
            }
        );
        run.HasKey(r => r.RunId);
        run.Ignore(r => r.Id).Ignore(r => r.IsUnfinished).Ignore(r => r.IsExportPending);
        run.Property(r => r.BaseRunId)
            .HasComment("The published run whose rows a replay builds on, or a rollback restores.");
        run.Property(r => r.AcceptedShrunk)
            .HasDefaultValueSql("'{}'")
            .HasComment("Datasets with fewer rows than on the previous business date that --accept-shrunk accepted.");
        run.Property<string?>("ManifestUri");
        run.Property<string?>("ReportUri").HasComment("The run's HTML report; null where none was written.");
        run.Property<long>("DurationMs")
            .HasDefaultValue(0L)
            .HasComment("Sum over the invocations that worked on the run.");
        run.Property<long>("PeakMemoryBytes").HasDefaultValue(0L).HasComment("Largest of the invocations.");
        run.HasAlternateKey(r => new { r.BusinessDate, r.Number }).HasName("runs_business_date_number_key");
        run.HasOne<Run>()
            .WithMany()
            .HasForeignKey(r => r.BaseRunId)
            .OnDelete(DeleteBehavior.NoAction)
            .HasConstraintName("runs_base_run_id_fkey");
        // Its twin is LedgerParts.OneAtWork.
        run.HasIndex(r => r.BusinessDate, "runs_one_succeeded").IsUnique().HasFilter("status = 'succeeded'");
        NameColumns(run);
    }

    private static void Extensions(EntityTypeBuilder<Dictionary<string, object>> extension)
    {
        Column<int>(extension, "Attempt");
        Column<string>(extension, "File");
        Column<string>(extension, "Sha256").IsRequired();
        extension.HasKey(RunId, "Attempt", "File");
    }

    private static void Parts(EntityTypeBuilder<Dictionary<string, object>> part)
    {
        Column<string>(part, "Dataset");
        Column<string>(part, "Part").HasComment("Path of the file below the source.");
        Column<int>(part, "Number").HasComment("Place in the order of the parts, from 1.");
        Column<long>(part, "Bytes");
        Column<string>(part, "File").IsRequired().HasComment("The pinned file, as JSON.");
        Column<string>(part, "Settings").IsRequired().HasComment("Hash of what decides how the part is read.");
        Column<int>(part, "Claims").HasComment("How often it was claimed.");
        Column<string?>(part, "ClaimedBy").HasComment("The process that loads it, or has loaded it.");
        Column<DateTimeOffset?>(part, "ClaimedUntil").HasComment("Until then nobody else may load it.");
        Column<long?>(part, "SessionPid")
            .HasComment(
                "The session that loads it; ended when the part is taken over. Of a Citus cluster the global PID."
            );
        Column<DateTimeOffset?>(part, "SessionStarted");
        Column<string?>(part, "Result").HasComment("Counts, sums and first rejects as JSON; null until it is loaded.");
        part.HasKey(RunId, "Dataset", "Part");
    }

    private static void RejectCounts(EntityTypeBuilder<Dictionary<string, object>> count)
    {
        Column<string>(count, "Dataset");
        Column<string>(count, "Part");
        Column<string>(count, "Code");
        Column<long>(count, "Rows");
        count.HasKey(RunId, "Dataset", "Part", "Code");
    }

    private static void Quarantine(EntityTypeBuilder<Dictionary<string, object>> row)
    {
        Column<string>(row, "Dataset");
        Column<string>(row, "Part").HasComment("Path of the file below the source.");
        Column<string>(row, "Version").IsRequired();
        Column<long>(row, "Line");
        Column<long>(row, "ByteOffset").HasComment("Offset in the file, from 0.");
        Column<string?>(row, "ColumnName");
        Column<string>(row, "Code").IsRequired();
        Column<string>(row, "Message").IsRequired();
        Column<byte[]>(row, "Raw").IsRequired().HasComment("The record's bytes as read.");
        row.HasKey(RunId, "Dataset", "Part", "ByteOffset");
    }

    private static void Messages(EntityTypeBuilder<Dictionary<string, object>> message)
    {
        Column<string>(message, "MessageKey").HasComment("At most one per run and outcome.");
        Column<string>(message, "Outcome").IsRequired();
        Column<DateOnly>(message, "BusinessDate");
        Column<string?>(message, "Cause").HasComment("Of a failure: error code, dataset and SQLSTATE.");
        Column<bool>(message, "Repeated")
            .HasDefaultValue(false)
            .HasComment("An earlier message reported the same cause on the same date; this one is not sent.");
        Column<string>(message, "Subject").IsRequired();
        Column<string>(message, "Body").IsRequired();
        Column<DateTimeOffset>(message, "CreatedAt");
        Column<DateTimeOffset?>(message, "ClaimedUntil").HasComment("Until then only claimed_by sends it.");
        Column<string?>(message, "ClaimedBy");
        Column<DateTimeOffset?>(message, "SentAt").HasComment("When the last notifier has sent it.");
        Column<string[]>(message, "SentBy")
            .IsRequired()
            .HasDefaultValueSql("'{}'")
            .HasComment("The notifiers that have sent it; each sends it once.");
        Column<int>(message, "Attempts").HasDefaultValue(0);
        message.HasKey("MessageKey");
    }

    private static void Starts(EntityTypeBuilder<Dictionary<string, object>> starts)
    {
        starts.ToTable("starts", t => t.HasComment("Starts that did not succeed, by business date and cause."));
        Column<DateOnly>(starts, "BusinessDate");
        Column<string>(starts, "Cause").HasComment("Error code, dataset and SQLSTATE.");
        Column<long>(starts, "Count");
        Column<long>(starts, "Repeats").HasComment("Starts that no message has reported yet.");
        Column<DateTimeOffset>(starts, "FirstAt");
        Column<DateTimeOffset>(starts, "LastAt");
        Column<bool>(starts, "Notified")
            .HasComment("Whether a message of this cause was stored since the last success.");
        starts.HasKey("BusinessDate", "Cause");
        NameColumns(starts);
    }

    private static void Redeliveries(EntityTypeBuilder<Dictionary<string, object>> redelivery)
    {
        Column<DateOnly>(redelivery, "BusinessDate");
        Column<string>(redelivery, "Fingerprint").HasComment("Hash of all files and of what their sender states.");
        Column<string>(redelivery, "ReplacedRunId").IsRequired().HasComment("The published run that has other files.");
        Column<DateTimeOffset>(redelivery, "CreatedAt");
        redelivery.IndexerProperty<string>(RunId).IsRequired().HasComment("The run of this delivery.");
        redelivery.HasKey("BusinessDate", "Fingerprint");
    }

    /// <summary>Adds a column; columns keep the order of the calls.</summary>
    private static PropertyBuilder<T> Column<T>(EntityTypeBuilder<Dictionary<string, object>> table, string name) =>
        table.IndexerProperty<T>(name).HasColumnOrder(table.Metadata.GetProperties().Count());

    private static void OfRun<T>(EntityTypeBuilder<T> row, string table, string comment)
        where T : class
    {
        row.ToTable(table, t => t.HasComment(comment));
        row.HasOne<Run>()
            .WithMany()
            .HasForeignKey(RunId)
            .OnDelete(DeleteBehavior.NoAction)
            .HasConstraintName($"{table}_run_id_fkey");
        NameColumns(row);
    }

    private static void NameColumns<T>(EntityTypeBuilder<T> row)
        where T : class
    {
        foreach (var property in row.Metadata.GetProperties().Where(p => p.GetColumnName() == p.Name))
        {
            property.SetColumnName(SnakeCase.Of(property.Name));
        }
    }
}
