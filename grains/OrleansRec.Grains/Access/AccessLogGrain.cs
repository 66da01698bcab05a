using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Log;
using OrleansRec.Model;

namespace OrleansRec.Grains;

/// <summary>What the log keeps beside its days.</summary>
[GenerateSerializer, Alias("rec.access-log-state")]
public sealed class AccessLogState
{
    /// <summary>Secret of the hash of user ids, 32 bytes: without it nobody can try ids against the log.</summary>
    [Id(0)] public byte[] Secret { get; set; } = [];

    /// <summary>The first day that is not deleted.</summary>
    [Id(1)] public int FirstDay { get; set; }
}

/// <summary>Keeps a stream for each day, so that what is too old goes with its stream, and a question reads only the days that it needs.</summary>
[GrainType("access-log")]
public sealed partial class AccessLogGrain(
    [PersistentState("access", "rec")] IPersistentState<AccessLogState> storage, ILogStore store, IRandomSource random, TimeProvider time,
    IOptions<AccessLogOptions> options) : Grain, IAccessLogGrain
{
    private const int ReadBytes = 1 << 20;
    private const int SecretBytes = 32;

    private readonly AccessLines pending = new();
    private Task<OpenDay>? today;
    private Task? readying;
    private TenantId tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        tenant = GrainKey.Parse(this.GetPrimaryKeyString()).Tenant;
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (today is { IsCompletedSuccessfully: true } day && day.Result.Log.Failure is null)
            await day.Result.Log.Durable(day.Result.Log.LastSequence).WaitAsync(cancellationToken);
    }

    public async Task Record(AccessNote note, CancellationToken cancellation = default)
    {
        await Ready();
        OpenDay day = await Today();
        if (day.Log.Failure is { } failure)
        {
            today = null;
            throw failure;
        }
        if (day.Log.LastSequence >= options.Value.DayEntriesMax)
            throw new OverloadedException($"Today's log of looks at personal data holds {options.Value.DayEntriesMax} entries, which is AccessLog:DayEntriesMax.");
        pending.Add(new(NowMs(), note.KeyId, note.KeyName, note.Verb, HashOf(note.UserId)));
        long sequence = day.Log.LastSequence + 1;
        day.Log.Added(sequence);
        await day.Log.Durable(sequence);
    }

    public async Task<AccessEntries> Read(AccessQuery query, CancellationToken cancellation = default)
    {
        if (query.Count is < 1 or > AccessQuery.CountMax)
            throw new ArgumentOutOfRangeException(nameof(query), query.Count, $"An answer holds 1 to {AccessQuery.CountMax} looks.");
        await Ready();
        string? user = query.UserId is null ? null : HashOf(query.UserId);
        var found = new List<AccessEntry>();
        int last = query.Before?.Day ?? DayOf(NowMs());
        for (int day = last; day >= Math.Max(storage.State.FirstDay, last - options.Value.RetentionDays); day--)
        {
            long before = query.Before is { } place && place.Day == day ? place.Sequence : long.MaxValue;
            List<(long Sequence, AccessEntry Entry)> entries = await ReadDay(day, before, user, cancellation);
            for (int i = entries.Count - 1; i >= 0; i--)
            {
                found.Add(entries[i].Entry);
                if (found.Count == query.Count)
                    return new([.. found], new AccessPlace(day, entries[i].Sequence));
            }
        }
        return new([.. found], null);
    }

    private async Task<List<(long Sequence, AccessEntry Entry)>> ReadDay(int day, long before, string? user, CancellationToken cancellation)
    {
        var entries = new List<(long, AccessEntry)>();
        string stream = LogStreams.Access(tenant, day);
        LogSnapshot? rewritten = await store.ReadSnapshot(stream, cancellation);
        if (rewritten is not null)
        {
            long sequence = 1;
            foreach (AccessEntry entry in AccessLines.Read(rewritten.Content))
            {
                if (sequence < before && (user is null || entry.User == user))
                    entries.Add((sequence, entry));
                sequence++;
            }
        }
        for (long after = rewritten?.ThroughSequence ?? 0; await store.Read(stream, after, ReadBytes, cancellation) is { Count: > 0 } batches; after = batches[^1].LastSequence)
            foreach (LogBatch batch in batches)
            {
                long sequence = batch.FirstSequence;
                foreach (AccessEntry entry in AccessLines.Read(batch.Content))
                {
                    if (sequence < before && (user is null || entry.User == user))
                        entries.Add((sequence, entry));
                    sequence++;
                }
            }
        return entries;
    }

    /// <summary>The secret is made at the first look or question, once; what failed is tried again by the next.</summary>
    private Task Ready() => storage.State.Secret.Length == SecretBytes ? Task.CompletedTask : readying is null or { IsFaulted: true } ? readying = MakeSecret() : readying;

    private async Task MakeSecret()
    {
        var secret = new byte[SecretBytes];
        for (int at = 0; at < SecretBytes; at += sizeof(ulong))
            BinaryPrimitives.WriteUInt64LittleEndian(secret.AsSpan(at), random.Next());
        await Write(new() { Secret = secret, FirstDay = DayOf(NowMs()) });
    }

    /// <summary>Today's stream; at the first look of a day the stream changes and what is too old goes.</summary>
    private Task<OpenDay> Today()
    {
        int day = DayOf(NowMs());
        if (today is { IsCompletedSuccessfully: true } open && open.Result.Day == day && open.Result.Log.Failure is null)
            return open;
        if (today is { IsCompleted: false })
            return today;
        return today = Open(day, today);
    }

    private async Task<OpenDay> Open(int day, Task<OpenDay>? before)
    {
        // What is pending belongs to the day before until that is durable.
        if (before is { IsCompletedSuccessfully: true } && before.Result.Log is { Failure: null } earlier)
            await earlier.Durable(earlier.LastSequence);
        string stream = LogStreams.Access(tenant, day);
        var log = new CommitQueue(store, stream, pending.Seal);
        log.Begin(await store.Open(stream));
        await DropOld(day);
        return new(day, log);
    }

    private async Task DropOld(int day)
    {
        int first = day - options.Value.RetentionDays;
        if (storage.State.FirstDay >= first)
            return;
        for (int old = storage.State.FirstDay; old < first; old++)
            await store.Delete(LogStreams.Access(tenant, old));
        await Write(new() { Secret = storage.State.Secret, FirstDay = first });
    }

    private Task Write(AccessLogState state) => storage.Replace(state, DeactivateOnIdle);

    private string HashOf(string? userId) => userId is null ? ""
        : Convert.ToHexStringLower(HMACSHA256.HashData(storage.State.Secret, Encoding.UTF8.GetBytes(userId)).AsSpan(0, 16));

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static int DayOf(long ms) => (int)(ms / (long)TimeSpan.FromDays(1).TotalMilliseconds);

    private sealed record OpenDay(int Day, CommitQueue Log);
}
