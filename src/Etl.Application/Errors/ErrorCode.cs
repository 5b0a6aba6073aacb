namespace Etl.Application.Errors;

/// <summary>The cause of a failed command. Each belongs to one exit code.</summary>
public enum ErrorCode
{
    /// <summary>A exception of the program itself.</summary>
    Internal,

    /// <summary>Wrong usage of a command.</summary>
    Usage,

    /// <summary>A setting that cannot be.</summary>
    Configuration,

    /// <summary>A source file, or the whole source, is not there.</summary>
    SourceMissing,

    /// <summary>A source file has no bytes, or no row below its header.</summary>
    SourceEmpty,

    /// <summary>A source file's bytes are those of the run before.</summary>
    SourceUnchanged,

    /// <summary>A source file's number of rows is far off the usual.</summary>
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

    /// <summary>PostgreSQL refused or broke off.</summary>
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

    /// <summary>The time limit came near.</summary>
    Deadline,

    /// <summary>A person or the platform asked to stop.</summary>
    Cancelled,
}
