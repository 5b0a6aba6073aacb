using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Etl.Infrastructure.Ledger.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Ledger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "etl");

            migrationBuilder.CreateTable(
                name: "runs",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    business_date = table.Column<DateOnly>(type: "date", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    as_of = table.Column<DateOnly>(type: "date", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    forced = table.Column<bool>(type: "boolean", nullable: false),
                    base_run_id = table.Column<string>(
                        type: "text",
                        nullable: true,
                        comment: "The published run whose rows a replay builds on, or a rollback restores."
                    ),
                    accepted_shrunk = table.Column<string[]>(
                        type: "text[]",
                        nullable: false,
                        defaultValueSql: "'{}'",
                        comment: "Datasets with fewer rows than on the previous business date that --accept-shrunk accepted."
                    ),
                    status = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    exported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lake_uri = table.Column<string>(type: "text", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    error_next_step = table.Column<string>(type: "text", nullable: true),
                    lease_owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    duration_ms = table.Column<long>(
                        type: "bigint",
                        nullable: false,
                        defaultValue: 0L,
                        comment: "Sum over the invocations that worked on the run."
                    ),
                    manifest_uri = table.Column<string>(type: "text", nullable: true),
                    peak_memory_bytes = table.Column<long>(
                        type: "bigint",
                        nullable: false,
                        defaultValue: 0L,
                        comment: "Largest of the invocations."
                    ),
                    report_uri = table.Column<string>(
                        type: "text",
                        nullable: true,
                        comment: "The run's HTML report; null where none was written."
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("runs_pkey", x => x.run_id);
                    table.UniqueConstraint("runs_business_date_number_key", x => new { x.business_date, x.number });
                    table.CheckConstraint("runs_number_check", "number > 0");
                    table.CheckConstraint(
                        "runs_status_check",
                        "status in ('running', 'succeeded', 'superseded', 'rolled_back', 'failed', 'timed_out', 'cancelled')"
                    );
                    table.ForeignKey(
                        name: "runs_base_run_id_fkey",
                        column: x => x.base_run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "One row per run. At most one run of a date is succeeded, and at most one run holds a lease."
            );

            migrationBuilder.CreateTable(
                name: "starts",
                schema: "etl",
                columns: table => new
                {
                    business_date = table.Column<DateOnly>(type: "date", nullable: false),
                    cause = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "Error code, dataset and SQLSTATE."
                    ),
                    count = table.Column<long>(type: "bigint", nullable: false),
                    repeats = table.Column<long>(
                        type: "bigint",
                        nullable: false,
                        comment: "Starts that no message has reported yet."
                    ),
                    first_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    notified = table.Column<bool>(
                        type: "boolean",
                        nullable: false,
                        comment: "Whether a message of this cause was stored since the last success."
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("starts_pkey", x => new { x.business_date, x.cause });
                },
                comment: "Starts that did not succeed, by business date and cause."
            );

            migrationBuilder.CreateTable(
                name: "messages",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: true),
                    message_key = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "At most one per run and outcome."
                    ),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    business_date = table.Column<DateOnly>(type: "date", nullable: false),
                    cause = table.Column<string>(
                        type: "text",
                        nullable: true,
                        comment: "Of a failure: error code, dataset and SQLSTATE."
                    ),
                    repeated = table.Column<bool>(
                        type: "boolean",
                        nullable: false,
                        defaultValue: false,
                        comment: "An earlier message reported the same cause on the same date; this one is not sent."
                    ),
                    subject = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    claimed_until = table.Column<DateTimeOffset>(
                        type: "timestamp with time zone",
                        nullable: true,
                        comment: "Until then only claimed_by sends it."
                    ),
                    claimed_by = table.Column<string>(type: "text", nullable: true),
                    sent_at = table.Column<DateTimeOffset>(
                        type: "timestamp with time zone",
                        nullable: true,
                        comment: "When the last notifier has sent it."
                    ),
                    sent_by = table.Column<string[]>(
                        type: "text[]",
                        nullable: false,
                        defaultValueSql: "'{}'",
                        comment: "The notifiers that have sent it; each sends it once."
                    ),
                    attempts = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                },
                constraints: table =>
                {
                    table.PrimaryKey("messages_pkey", x => x.message_key);
                    table.ForeignKey(
                        name: "messages_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "The outbox: messages of runs, and of starts without a run."
            );

            migrationBuilder.CreateTable(
                name: "quarantine",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    dataset = table.Column<string>(type: "text", nullable: false),
                    part = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "Path of the file below the source."
                    ),
                    version = table.Column<string>(type: "text", nullable: false),
                    line = table.Column<long>(type: "bigint", nullable: false),
                    byte_offset = table.Column<long>(
                        type: "bigint",
                        nullable: false,
                        comment: "Offset in the file, from 0."
                    ),
                    column_name = table.Column<string>(type: "text", nullable: true),
                    code = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    raw = table.Column<byte[]>(type: "bytea", nullable: false, comment: "The record's bytes as read."),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "quarantine_pkey",
                        x => new
                        {
                            x.run_id,
                            x.dataset,
                            x.part,
                            x.byte_offset,
                        }
                    );
                    table.ForeignKey(
                        name: "quarantine_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Rejected rows with their bytes, up to the limit of a run."
            );

            migrationBuilder.CreateTable(
                name: "redeliveries",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false, comment: "The run of this delivery."),
                    business_date = table.Column<DateOnly>(type: "date", nullable: false),
                    fingerprint = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "Hash of all files and of what their sender states."
                    ),
                    replaced_run_id = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "The published run that has other files."
                    ),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("redeliveries_pkey", x => new { x.business_date, x.fingerprint });
                    table.ForeignKey(
                        name: "redeliveries_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Each delivery of a published day that was run again, by what was delivered."
            );

            migrationBuilder.CreateTable(
                name: "reject_counts",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    dataset = table.Column<string>(type: "text", nullable: false),
                    part = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    rows = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "reject_counts_pkey",
                        x => new
                        {
                            x.run_id,
                            x.dataset,
                            x.part,
                            x.code,
                        }
                    );
                    table.ForeignKey(
                        name: "reject_counts_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Number of rejected rows by code, stored in the quarantine or not."
            );

            migrationBuilder.CreateTable(
                name: "run_exports",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    table_name = table.Column<string>(type: "text", nullable: false),
                    uri = table.Column<string>(type: "text", nullable: false),
                    rows = table.Column<long>(type: "bigint", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    columns = table.Column<string[]>(type: "text[]", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("run_exports_pkey", x => new { x.run_id, x.table_name });
                    table.ForeignKey(
                        name: "run_exports_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Each table that a run exported."
            );

            migrationBuilder.CreateTable(
                name: "run_extensions",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    file = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "run_extensions_pkey",
                        x => new
                        {
                            x.run_id,
                            x.attempt,
                            x.file,
                        }
                    );
                    table.ForeignKey(
                        name: "run_extensions_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "The files of extensions that each attempt of a run was loaded with."
            );

            migrationBuilder.CreateTable(
                name: "run_files",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    dataset = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false, defaultValueSql: "'source'"),
                    part = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "Path of the file below the source: a dataset can have several parts; empty without a file."
                    ),
                    uri = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    read = table.Column<long>(type: "bigint", nullable: false),
                    loaded = table.Column<long>(type: "bigint", nullable: false),
                    rejected = table.Column<long>(type: "bigint", nullable: false),
                    ends_with_line_end = table.Column<bool>(
                        type: "boolean",
                        nullable: true,
                        comment: "Whether the last byte ends a line; null for a file without a byte."
                    ),
                    skipped = table.Column<long>(
                        type: "bigint",
                        nullable: false,
                        comment: "Records that hold no row: lines without a value, and repeated headers."
                    ),
                    format = table.Column<string>(
                        type: "text",
                        nullable: true,
                        comment: "The resolved format of the file as JSON: corrected rows are read with it."
                    ),
                    header = table.Column<byte[]>(
                        type: "bytea",
                        nullable: true,
                        comment: "The file's header line as read: rejected rows are exported and corrected in its order."
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "run_files_pkey",
                        x => new
                        {
                            x.run_id,
                            x.dataset,
                            x.role,
                            x.part,
                        }
                    );
                    table.CheckConstraint("run_files_role_check", "role in ('source', 'base', 'corrected', 'model')");
                    table.ForeignKey(
                        name: "run_files_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Each file that a run read: of a dataset one, or its parts."
            );

            migrationBuilder.CreateTable(
                name: "run_parts",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    dataset = table.Column<string>(type: "text", nullable: false),
                    part = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "Path of the file below the source."
                    ),
                    number = table.Column<int>(
                        type: "integer",
                        nullable: false,
                        comment: "Place in the order of the parts, from 1."
                    ),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    file = table.Column<string>(type: "text", nullable: false, comment: "The pinned file, as JSON."),
                    settings = table.Column<string>(
                        type: "text",
                        nullable: false,
                        comment: "Hash of what decides how the part is read."
                    ),
                    claims = table.Column<int>(type: "integer", nullable: false, comment: "How often it was claimed."),
                    claimed_by = table.Column<string>(
                        type: "text",
                        nullable: true,
                        comment: "The process that loads it, or has loaded it."
                    ),
                    claimed_until = table.Column<DateTimeOffset>(
                        type: "timestamp with time zone",
                        nullable: true,
                        comment: "Until then nobody else may load it."
                    ),
                    session_pid = table.Column<long>(
                        type: "bigint",
                        nullable: true,
                        comment: "The session that loads it; ended when the part is taken over. Of a Citus cluster the global PID."
                    ),
                    session_started = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    result = table.Column<string>(
                        type: "text",
                        nullable: true,
                        comment: "Counts, sums and first rejects as JSON; null until it is loaded."
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "run_parts_pkey",
                        x => new
                        {
                            x.run_id,
                            x.dataset,
                            x.part,
                        }
                    );
                    table.ForeignKey(
                        name: "run_parts_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Parts that several loaders share: who has claimed each, and what was found in it."
            );

            migrationBuilder.CreateTable(
                name: "run_steps",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    step = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    succeeded = table.Column<bool>(type: "boolean", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "run_steps_pkey",
                        x => new
                        {
                            x.run_id,
                            x.attempt,
                            x.step,
                        }
                    );
                    table.ForeignKey(
                        name: "run_steps_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "Each execution of a step; one row per run, attempt and step."
            );

            migrationBuilder.CreateTable(
                name: "run_tests",
                schema: "etl",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    severity = table.Column<string>(type: "text", nullable: false),
                    violations = table.Column<long>(type: "bigint", nullable: false),
                    meaning = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("run_tests_pkey", x => new { x.run_id, x.name });
                    table.ForeignKey(
                        name: "run_tests_run_id_fkey",
                        column: x => x.run_id,
                        principalSchema: "etl",
                        principalTable: "runs",
                        principalColumn: "run_id"
                    );
                },
                comment: "The result of each data test."
            );

            migrationBuilder.CreateIndex(
                name: "runs_one_succeeded",
                schema: "etl",
                table: "runs",
                column: "business_date",
                unique: true,
                filter: "status = 'succeeded'"
            );

            migrationBuilder.Sql(LedgerParts.CreateOneAtWork);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "messages", schema: "etl");

            migrationBuilder.DropTable(name: "quarantine", schema: "etl");

            migrationBuilder.DropTable(name: "redeliveries", schema: "etl");

            migrationBuilder.DropTable(name: "reject_counts", schema: "etl");

            migrationBuilder.DropTable(name: "run_exports", schema: "etl");

            migrationBuilder.DropTable(name: "run_extensions", schema: "etl");

            migrationBuilder.DropTable(name: "run_files", schema: "etl");

            migrationBuilder.DropTable(name: "run_parts", schema: "etl");

            migrationBuilder.DropTable(name: "run_steps", schema: "etl");

            migrationBuilder.DropTable(name: "run_tests", schema: "etl");

            migrationBuilder.DropTable(name: "starts", schema: "etl");

            migrationBuilder.DropTable(name: "runs", schema: "etl");
        }
    }
}
