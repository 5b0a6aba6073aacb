namespace Etl.Application.Options;

/// <summary>What a sender can deliver to show that its files are complete.</summary>
public enum DeliveryEvidence
{
    /// <summary>Nothing is required.</summary>
    None,

    /// <summary>A marker, or for each file a checksum or a row of the control file.</summary>
    Any,

    /// <summary>The marker.</summary>
    Marker,

    /// <summary>A checksum of each file: <c>NAME.sha256</c>, <c>NAME.md5</c>, <c>SHA256SUMS</c>, or the control file's.</summary>
    Checksum,

    /// <summary>A row of the control file for each file.</summary>
    Control,
}
