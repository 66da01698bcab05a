using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Grains;

/// <summary>Bounds of a tenant's log of looks at personal data. Configuration section "AccessLog".</summary>
public sealed class AccessLogOptions
{
    /// <summary>How long looks are kept; whole days are deleted when they are older.</summary>
    /// <value>90 days by default.</value>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 90;

    /// <summary>Looks noted in one day; what cannot be noted is refused with 429.</summary>
    /// <value>1,000,000 by default, about 100 bytes each on disk.</value>
    [Range(1, 100_000_000)]
    public int DayEntriesMax { get; set; } = 1_000_000;
}
