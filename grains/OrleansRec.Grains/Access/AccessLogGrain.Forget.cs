using OrleansRec.Contracts;
using OrleansRec.Grains.Log;

namespace OrleansRec.Grains;

/// <summary>What an erasure does to the log: each day that has looks at the user is written anew as a snapshot, with the same looks at the same numbers.</summary>
public sealed partial class AccessLogGrain
{
    public async Task<int> Forget(string userId, CancellationToken cancellation = default)
    {
        // Nothing was ever noted, so there is not even a secret to hash with.
        if (storage.State.Secret.Length != SecretBytes)
            return 0;
        string user = HashOf(userId);
        int forgotten = 0, last = DayOf(NowMs());
        for (int day = Math.Max(storage.State.FirstDay, last - options.Value.RetentionDays); day <= last; day++)
            forgotten += await Forget(day, user, cancellation);
        if (forgotten > 0)
            await store.Purge(cancellation);
        return forgotten;
    }

    private async Task<int> Forget(int day, string user, CancellationToken cancellation)
    {
        CommitQueue? open = today is { IsCompletedSuccessfully: true } current && current.Result.Day == day ? current.Result.Log : null;
        if (open is { Failure: null })
            await open.Durable(open.LastSequence);
        List<(long Sequence, AccessEntry Entry)> looks = await ReadDay(day, long.MaxValue, null, cancellation);
        int forgotten = looks.Count(l => l.Entry.User == user);
        if (forgotten == 0)
            return 0;
        var lines = new AccessLines();
        foreach (var (_, look) in looks)
            lines.Add(look.User == user ? look with { User = AccessEntry.Erased } : look);
        string stream = LogStreams.Access(tenant, day);
        long epoch = open is { Failure: null } ? open.Epoch : (await store.Open(stream, cancellation)).Epoch;
        await store.WriteSnapshot(stream, epoch, looks[^1].Sequence, lines.Seal(), compact: true, cancellation);
        return forgotten;
    }
}
