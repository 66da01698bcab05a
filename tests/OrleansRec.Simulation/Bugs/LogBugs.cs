using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>Says that a batch is durable as soon as it is handed over.</summary>
internal sealed class AcknowledgingEarly(ILogStore inner) : StoreAround(inner)
{
    public override Task Append(LogBatch batch, CancellationToken cancellation = default)
    {
        _ = Later(Inner.Append(batch, cancellation));
        return Task.CompletedTask;
    }

    private static async Task Later(Task append)
    {
        try
        {
            await append;
        }
        catch (Exception e) when (e is StoreUnavailableException or FencedException)
        {
            // Nobody is told: that is the bug.
        }
    }
}

/// <summary>Tells everyone who asks that he still owns his stream.</summary>
internal sealed class TakingEveryoneForTheOwner(ILogStore inner) : StoreAround(inner)
{
    public override Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default) => Task.CompletedTask;
}

/// <summary>Takes the last batch of a log for one that was cut off in the middle of its write.</summary>
internal sealed class SkippingLastBatch(ILogStore inner) : StoreAround(inner)
{
    private const int AllBytes = 16 << 20;

    public override async Task<LogOpening> Open(string stream, CancellationToken cancellation = default)
    {
        var opening = await Inner.Open(stream, cancellation);
        return IsUsers(stream) && await Last(stream, opening.SnapshotSequence, cancellation) is { } last
            ? opening with { LastSequence = last.FirstSequence - 1 }
            : opening;
    }

    public override async Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default)
    {
        var all = await Inner.Read(stream, afterSequence, bytesMax, cancellation);
        return IsUsers(stream) && all.Count > 0 ? [.. all.SkipLast(1)] : all;
    }

    private async Task<LogBatch?> Last(string stream, long after, CancellationToken cancellation) =>
        (await Inner.Read(stream, after, AllBytes, cancellation)).LastOrDefault();
}

/// <summary>Takes a checkpoint for that of the sweep that was asked for, whichever it is.</summary>
internal sealed class TakingOlderCheckpoints(ILogStore inner) : StoreAround(inner)
{
    public override async Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default)
    {
        var asked = await Inner.ReadSnapshot(stream, cancellation);
        if (!IsCheckpoint(stream) || asked is null)
            return asked;
        var other = await Inner.ReadSnapshot(stream[..^1] + (stream[^1] == '0' ? '1' : '0'), cancellation);
        return other is not null && other.ThroughSequence < asked.ThroughSequence ? asked with { Content = other.Content } : asked;
    }
}
