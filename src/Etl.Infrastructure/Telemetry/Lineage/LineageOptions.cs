namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>
/// Where run events go, in the shape of OpenLineage 2-0-2: what a run read and wrote, for a catalogue of data. Nothing is told
/// unless a place is given. Section <c>Etl:Lineage</c>.
/// </summary>
public sealed class LineageOptions
{
    /// <summary>File that gets each event as a line of JSON at its end. Default none.</summary>
    public string? File { get; set; }

    /// <summary>
    /// Address that each event is posted to, as <c>http://127.0.0.1:5000/api/v1/lineage</c>. With <c>OPENLINEAGE_API_KEY</c> in the
    /// environment it goes along as bearer. Default none.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>Namespace of the job called <c>etl</c>. Default <c>etl</c>.</summary>
    public string Namespace { get; set; } = "etl";

    /// <summary>Seconds that the address has for each of a run's two events, 1 to 60. Default 5.</summary>
    public int TimeoutSeconds { get; set; } = 5;
}
