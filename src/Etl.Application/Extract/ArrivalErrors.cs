using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>Errors of the arrival gate.</summary>
internal static class ArrivalErrors
{
    private const string Rerun = "then run again; nothing was changed.";

    /// <summary>The most files that a message names.</summary>
    private const int MaxNamed = 20;

    /// <param name="similar">Names of files that are there instead.</param>
    public static EtlError Missing(
        Dataset dataset,
        BusinessDate date,
        string location,
        IReadOnlyList<string> similar
    ) =>
        new(
            ErrorCode.SourceMissing,
            $"The {dataset} file is missing: no {Paths(dataset, date)} in {location}, plain or as {string.Join(" or ", FilePattern.Compressed)}.{There(similar)}",
            $"Put the file there under that name{Or(dataset, similar)}, {Rerun}",
            Retryable: true
        );

    public static string Absent(Dataset dataset, BusinessDate date, string location) =>
        $"No {dataset} were delivered: no {Paths(dataset, date)} in {location}; figures that need {dataset} are absent.";

    public static EtlError Late(BusinessDate date, string time, ScheduleOptions schedule, string missing) =>
        new(
            ErrorCode.SourceLate,
            $"The delivery of {date} is not complete at {time} {schedule.TimeZone}. {missing}",
            $"Request the files, or wait longer with --wait-until, {Rerun}",
            Retryable: true
        );

    public static EtlError Ambiguous(Dataset dataset, IReadOnlyList<string> files, string location)
    {
        var count = files.Count == 2 ? "two" : $"{files.Count}";
        var section = FileFormatOptions.SectionOf(dataset.Name);
        var hasParts = dataset.Parts == FileParts.One && OptionalDatasets.BuiltIn.All.All(d => d.Name != dataset.Name);
        var which = hasParts
            ? $", name the one with {Setting(dataset)}, or set Etl:Files:{section}:Parts=All if all of them together are the {dataset} of the day"
            : $", or name the one with {Setting(dataset)}";
        return new EtlError(
            ErrorCode.SourceAmbiguous,
            $"There are {count} {dataset} files in {location}: {Named(files)}.",
            $"Remove those that are not meant{which}, {Rerun}"
        );
    }

    /// <summary>Parts whose names have the date of another day.</summary>
    public static EtlError OtherDays(
        Dataset dataset,
        IReadOnlyList<string> files,
        BusinessDate date,
        string location
    ) =>
        new(
            ErrorCode.SourceAmbiguous,
            $"{Counted.Of(files.Count, $"{dataset} file")} in {location} {(files.Count == 1 ? "is" : "are")} of another day than {date}: {Named(files)}.",
            $"Put the date into {Setting(dataset)}, as in {DatePlaceholders.Suggest(files[0])}, or move the files of other days away, {Rerun}"
        );

    /// <summary>Parts that are older than the run of an earlier day.</summary>
    public static EtlError PastParts(Dataset dataset, IReadOnlyList<string> files, Run before, string location) =>
        new(
            ErrorCode.SourceAmbiguous,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Counted.Of(files.Count, $"{dataset} file")} in {location} {(files.Count == 1 ? "is" : "are")} older than run {before.RunId}, which started at {before.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {Named(files)}."
            ),
            $"Move the files of earlier days away, or put the date into {Setting(dataset)} or Etl:Source:Uri, so that no day is counted twice, {Rerun}"
        );

    public static EtlError Shared(IReadOnlyList<string> datasets, string uri) =>
        new(
            ErrorCode.SourceAmbiguous,
            $"The names of {string.Join(" and ", datasets)} match the same file: {uri}.",
            $"Give each dataset names of its own with Etl:Files, {Rerun}"
        );

    public static EtlError Empty(Dataset dataset, SourceFile file) =>
        new(
            ErrorCode.SourceEmpty,
            $"The {dataset} file is empty: {file.Uri} has no bytes.",
            $"Request the file again, {Rerun}",
            Retryable: true
        );

    public static EtlError SameName(Dataset dataset) =>
        new(
            ErrorCode.Usage,
            $"Two corrected files of {dataset} have the same name.",
            $"Give the files of a dataset different names, {Rerun}"
        );

    public static EtlError HeaderOnly(StagedParts file) =>
        new(
            ErrorCode.SourceEmpty,
            $"{file.Subject} a header and no row: {file.Uri}.",
            $"Request the file again, or allow it with Etl:Quality:OnHeaderOnly, {Rerun}",
            Retryable: true
        );

    public static EtlError Unchanged(StagedParts file, BusinessDate since) =>
        new(
            ErrorCode.SourceUnchanged,
            $"{file.Subject} the same bytes as in the run of {since}: {file.Uri}.",
            $"Check whether the day's files have arrived, {Rerun}",
            Retryable: true
        );

    public static string ShrunkText(StagedParts file, long before, BusinessDate since, bool cut)
    {
        var missing = before - file.RowCounts.Rows;
        var end = cut ? ", and its last line has no line end" : "";
        var are = missing == 1 ? "is" : "are";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Subject} {Counted.Of(file.RowCounts.Rows, "row")}; the run of {since} had {before:#,0}: {Counted.Of(missing, "row")} {are} missing{end}: {file.Uri}."
        );
    }

    /// <param name="message">What is missing, per file.</param>
    /// <param name="accept">The command that accepts it.</param>
    public static EtlError Shrunk(string message, string accept) =>
        new(
            ErrorCode.SourceShrunk,
            message,
            $"Request the complete file, {Rerun} If the rows are missing on purpose, accept it once: {accept}",
            Retryable: true
        );

    public static EtlError UnusualVolume(StagedParts file, long before) =>
        new(
            ErrorCode.SourceVolume,
            $"{file.Subject} {Counted.Of(file.RowCounts.Rows, "row")}; the previous run had {Counted.Of(before, "row")}: {file.Uri}.",
            $"Check whether the file is complete, or allow it with Etl:Quality:OnUnusualVolume, {Rerun}"
        );

    private static string Named(IReadOnlyList<string> files)
    {
        var more = files.Count > MaxNamed ? $"{files.Count - MaxNamed} more" : files[^1];
        var named = files.Take(Math.Min(files.Count - 1, MaxNamed));
        return files.Count == 1 ? files[0] : $"{string.Join(", ", named)} and {more}";
    }

    private static string Paths(Dataset dataset, BusinessDate date) =>
        string.Join(" or ", dataset.FilesOf(date).Select(f => f.Path));

    private static string There(IReadOnlyList<string> similar) =>
        similar.Count == 0 ? "" : $" Found instead: {string.Join(", ", similar)}.";

    private static string Setting(Dataset dataset) => $"Etl:Files:{FileFormatOptions.SectionOf(dataset.Name)}:Names";

    /// <summary>What else could be done about a file with a similar name: its day can be another one, or its name has a date.</summary>
    private static string Or(Dataset dataset, IReadOnlyList<string> similar) =>
        similar.Count == 0 ? ""
        : dataset.FileNames.Any(DatePlaceholders.IsIn) ? ", or give the date of the files with --date"
        : similar.Select(DatePlaceholders.Suggest).FirstOrDefault(s => s is not null) is { } name
            ? $", or set {Setting(dataset)}:0 to {name}"
        : $", or name it with {Setting(dataset)}";
}
