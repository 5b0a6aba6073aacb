using Etl.Application.Errors;

namespace Etl.Hosts.Lambda.Errors;

/// <summary>Fails an invocation, or a start, with a stable error type and an explanation.</summary>
internal sealed class InvocationException : Exception
{
    /// <summary>The entry of <see cref="Exception.Data"/> that becomes the error type.</summary>
    private const string TypeKey = "Lambda.ErrorType";

    /// <param name="code">The cause, such as <see cref="ErrorCode.SourceMissing"/>.</param>
    /// <param name="message">What failed and what to do next.</param>
    public InvocationException(ErrorCode code, string message)
        : base(message)
    {
        Code = code;
        Data[TypeKey] = $"{code}";
    }

    /// <summary>The cause.</summary>
    public ErrorCode Code { get; }
}
