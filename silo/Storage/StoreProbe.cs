using System.Diagnostics;
using Microsoft.Extensions.Options;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Storage;

/// <summary>
/// Not ready for a while after a commit failed, and while the queue of writes is full. The while ends by itself, because a process that gets no requests
/// cannot show that its disk is well again; the next failure begins it anew.
/// </summary>
internal sealed class StoreProbe(DataFolder folder, IOptions<StorageOptions> options) : IReadinessProbe
{
    private static readonly TimeSpan faultPeriod = TimeSpan.FromSeconds(5);

    public string? Reason
    {
        get
        {
            if (folder.Writer.LastFault is { } fault && Stopwatch.GetElapsedTime(fault.Timestamp) < faultPeriod)
                return $"The log could not be written: {fault.Reason.Message}";
            int waiting = folder.WaitingWriteCount;
            return waiting < options.Value.QueuedWritesMax ? null : $"{waiting} writes wait for the disk; {StorageOptions.Section}:{nameof(StorageOptions.QueuedWritesMax)} is {options.Value.QueuedWritesMax}.";
        }
    }
}
