using Etl.Application.Options;
using FluentValidation;

namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>
/// Export of OpenLineage 2-0-2 run events, which describe what a run read and wrote, to a data catalog. Section
/// <c>Etl:Lineage</c>.
/// </summary>
public sealed class LineageOptions
{
    /// <summary>File to which each event is appended as one line of JSON. Default none.</summary>
    public string? File { get; set; }

    /// <summary>
    /// Address to which each event is posted, such as <c>http://127.0.0.1:5000/api/v1/lineage</c>. The environment variable
    /// <c>OPENLINEAGE_API_KEY</c>, if set, is sent as bearer token. Default none.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>Namespace of the job <c>etl</c>. Default <c>etl</c>.</summary>
    public string Namespace { get; set; } = "etl";

    /// <summary>Timeout in seconds for posting one event; a run has two events. 1 to 60, default 5.</summary>
    public int TimeoutSeconds { get; set; } = 5;
}

internal sealed class LineageOptionsValidator : AbstractValidator<LineageOptions>
{
    public LineageOptionsValidator()
    {
        RuleFor(o => o.Url)
            .Must(address =>
                string.IsNullOrWhiteSpace(address)
                || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            )
            .WithMessage(o =>
                $"is {SafeText.Value(o.Url)}; give an address, such as http://127.0.0.1:5000/api/v1/lineage."
            );
        RuleFor(o => o.Namespace).NotEmpty().WithMessage("is empty; give the job's namespace, such as etl.");
        RuleFor(o => o.TimeoutSeconds)
            .InclusiveBetween(1, 60)
            .WithMessage("is {PropertyValue}; give a number of seconds from 1 to 60.");
    }
}
