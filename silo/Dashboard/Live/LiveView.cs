using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard.Live;

/// <summary>What every browser window shows until the next poll.</summary>
/// <param name="Status">The server at a glance; null before the first answer.</param>
/// <param name="Training">The training under way, or the last one.</param>
/// <param name="Models">The versions held.</param>
/// <param name="Traffic">The last points, oldest first.</param>
/// <param name="Taken">When the server last answered.</param>
/// <param name="Problem">Why the last poll failed; null where it did not.</param>
public sealed record LiveView(
    ServerStatus? Status, TrainingInfo? Training, ModelsAnswer? Models, TrafficPoint[] Traffic, DateTimeOffset? Taken, string? Problem)
{
    /// <summary>Before the first answer.</summary>
    public static readonly LiveView Empty = new(null, null, null, [], null, null);
}
