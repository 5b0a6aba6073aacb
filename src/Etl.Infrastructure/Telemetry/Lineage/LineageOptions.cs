using System.ComponentModel.DataAnnotations;
using Etl.Application.Options;
using Etl.Infrastructure.Settings;

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
    [HttpAddress("an address", "http://127.0.0.1:5000/api/v1/lineage")]
    public string? Url { get; set; }

    /// <summary>Namespace of the job <c>etl</c>. Default <c>etl</c>.</summary>
    [Required(ErrorMessage = "is empty; give the job's namespace, such as etl.")]
    public string Namespace { get; set; } = "etl";

    /// <summary>Timeout in seconds for posting one event; a run has two events. Default 5.</summary>
    [Bounds(1, 60, "seconds")]
    public int TimeoutSeconds { get; set; } = 5;
}
