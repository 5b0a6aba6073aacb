namespace Etl.Application.Errors;

/// <summary>The cause of a failed command. Each belongs to one exit code.</summary>
public enum ErrorCode
{
    /// <summary>An error of the program itself.</summary>
    Internal,

    /// <summary>Wrong usage of a command.</summary>
    Usage,

    /// <summary>A setting that is unknown or invalid.</summary>
    Configuration,

    /// <summary>A source file, or the whole source, is missing.</summary>
    SourceMissing,

    /// <summary>The delivery was not complete when the time to wait for it was over.</summary>
    SourceLate,

    /// <summary>Two files are the source file of one dataset.</summary>
    SourceAmbiguous,

    /// <summary>A source file has no bytes, or no row below its header.</summary>
    SourceEmpty,

    /// <summary>A delivery lacks its required evidence, or a source file is not what its sender states.</summary>
    SourceIncomplete,

    /// <summary>A source file has fewer rows than that of the previous business date.</summary>
    SourceShrunk,

    /// <summary>A source file has the same bytes as in the previous run.</summary>
    SourceUnchanged,

    /// <summary>A source file's number of rows differs too much from the previous run's.</summary>
    SourceVolume,

    /// <summary>A source file's header lacks a column, or names one twice.</summary>
    SourceHeader,

    /// <summary>The source cannot be read.</summary>
    SourceUnreadable,

    /// <summary>A source file changed while it was read.</summary>
    SourceChanged,

    /// <summary>More rejected rows than the limit allows.</summary>
    RejectLimit,

    /// <summary>A data test of severity error found rows.</summary>
    DataTest,

    /// <summary>Rows read are not rows loaded plus rows rejected.</summary>
    RowCountMismatch,

    /// <summary>PostgreSQL cannot be reached.</summary>
    DatabaseUnreachable,

    /// <summary>PostgreSQL reported an error or closed the connection.</summary>
    Database,

    /// <summary>The lake cannot be written or read.</summary>
    Lake,

    /// <summary>The lake holds another export under this run's key.</summary>
    LakeConflict,

    /// <summary>The message could not be sent.</summary>
    Notify,

    /// <summary>Another run is in progress.</summary>
    InProgress,

    /// <summary>The lease was lost to another host.</summary>
    LeaseLost,

    /// <summary>The host's time limit was about to be reached.</summary>
    Deadline,

    /// <summary>A person or the platform asked to stop.</summary>
    Cancelled,

    /// <summary>The output of a command could not be written. What the command did stands.</summary>
    Output,
}
