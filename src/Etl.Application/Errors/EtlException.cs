namespace Etl.Application.Errors;

/// <summary>Carries an <see cref="EtlError"/> out of a step; adapters make it from the driver's own verdict.</summary>
public sealed class EtlException : Exception
{
    /// <summary>Makes the exception of an error.</summary>
    public EtlException(EtlError error, Exception? cause = null)
        : base(error.Message, cause) => Error = error;

    /// <summary>Makes the exception of an error given by its parts.</summary>
    public EtlException(
        ErrorCode code,
        string message,
        string nextStep,
        bool retryable = false,
        Exception? cause = null
    )
        : this(new EtlError(code, message, nextStep, retryable), cause) { }

    /// <summary>The failure as people and programs read it.</summary>
    public EtlError Error { get; }
}
