namespace Etl.Application.Operations;

/// <summary>How far a check goes. Each depth includes those before it, so that the verbs cannot disagree.</summary>
public enum CheckDepth
{
    /// <summary>Settings and files; no database and no lake: <c>etl check</c>.</summary>
    Files,

    /// <summary>All that a run uses, read-only: <c>etl plan</c>.</summary>
    ReadOnly,

    /// <summary>Tries what a run does, and takes it back: <c>etl doctor</c>.</summary>
    Trial,
}
