using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>What the host knows of the disk that it stores on. A host without one of its own has none.</summary>
public interface IDiskReport
{
    /// <summary>The last look; null before the first.</summary>
    DiskInfo? Last { get; }

    /// <summary>Looks now.</summary>
    Task<DiskInfo> Look(CancellationToken cancellation);
}
