using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;

namespace OrleansRec.Grains.Training;

/// <summary>While a shard holds something of a training, it asks the coordinator now and then how that stands.</summary>
/// <remarks>
/// The question wakes a coordinator that died with its silo after every shard had reported, which nobody else would call; and the answer frees
/// the memory of a shard that the end of the training was not told to, and what it has stored since: a coordinator that others take for dead may have
/// driven it on after the end.
/// </remarks>
/// <param name="shard">The shard.</param>
/// <param name="grains">To reach the coordinator.</param>
/// <param name="period">Time between two questions.</param>
/// <param name="held">The version that the shard holds something of.</param>
/// <param name="release">Lets go of a version.</param>
/// <param name="delete">Deletes what a training leaves in store, once a later one has begun; null where it leaves nothing.</param>
/// <param name="unasked">Ends the questions when the silo stops.</param>
/// <param name="logger">Where trouble is told.</param>
internal sealed partial class TrainingWatch(
    IGrainBase shard, TenantGrains grains, TimeSpan period, Func<long> held, Action<long> release, UnaskedCalls unasked, ILogger logger,
    Func<long, CancellationToken, Task>? delete = null)
{
    private IGrainTimer? _timer;

    /// <summary>Called with every command of the coordinator.</summary>
    public void Begin() => _timer ??= shard.RegisterGrainTimer(Ask, new() { DueTime = period, Period = period, Interleave = true });

    private async Task Ask(CancellationToken cancellation)
    {
        if (!unasked.TryBegin())
            return;
        long version = held();
        TrainingStatus status;
        try
        {
            status = await grains.Coordinator.GetStatus(cancellation);
            // A coordinator of the past may say of its own version that it is over; of an earlier one nobody is mistaken.
            if (delete is not null && version == held() && status.Version > version)
                await delete(version, cancellation);
        }
        catch (Exception reason)
        {
            if (!SiloLoss.Explains(reason) && !cancellation.IsCancellationRequested)
                LogAsksLater(version, reason);
            return;
        }
        finally
        {
            unasked.End();
        }
        if (version != held() || status.Version < version || (status.Version == version && !status.IsOver))
            return;
        release(version);
        _timer?.Dispose();
        _timer = null;
    }

    [LoggerMessage(LogLevel.Warning, "The coordinator of version {Version} did not answer; it is asked again.")]
    private partial void LogAsksLater(long version, Exception reason);
}
