using Etl.Application.Options;
using Etl.Infrastructure.Aws;
using FluentValidation;

namespace Etl.Infrastructure.Stage;

/// <summary>How a run asks for further processes that load its parts. Section <c>Etl:Loaders</c>.</summary>
public sealed class LoaderOptions
{
    /// <summary>
    /// Prefix of a bucket, <c>s3://bucket/prefix</c>, in which a run with shared parts (<c>Etl:Run:Loaders</c>) writes an object
    /// whose name is its ID. The write is an event that can start tasks: <c>etl load</c> with the object's location as
    /// <c>--request</c>. A run that cannot write it says so in a warning. Default none.
    /// </summary>
    public string? RequestsUri { get; set; }
}

internal sealed class LoaderOptionsValidator : AbstractValidator<LoaderOptions>
{
    public LoaderOptionsValidator() =>
        RuleFor(o => o.RequestsUri)
            .Must(uri => string.IsNullOrWhiteSpace(uri) || S3Address.TryParse(uri) is { Key.Length: > 0 })
            .WithMessage(o =>
                $"is {SafeText.Value(o.RequestsUri)}; give the prefix of a bucket, such as s3://lake/loaders."
            );
}
