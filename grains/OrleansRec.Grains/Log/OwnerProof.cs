using OrleansRec.Contracts;

namespace OrleansRec.Grains.Log;

/// <summary>
/// How lately an activation has proved that it owns its stream. Another activation fences it off without telling it; what it answers from memory may then be
/// old. So it answers only while its last proof is young: a commit, or a small read of the store, which many answers share.
/// </summary>
/// <remarks>
/// A proof counts from the moment when it was asked for. An activation that is fenced off at time t answers reads until t + <paramref name="period"/> at the
/// latest, or, where the store does not answer it, until t + <paramref name="uncheckedMax"/>. From half the period on a read renews the proof without waiting
/// for it, so that under steady reads none waits. Made before the stream is opened, which is the first proof. Used from the shard's turns only, but for
/// <see cref="IsFresh"/>.
/// </remarks>
/// <param name="store">Who knows the owner.</param>
/// <param name="stream">The shard's stream.</param>
/// <param name="time">Its timestamps.</param>
/// <param name="period">How old a proof may be.</param>
/// <param name="uncheckedMax">How old it may be while the store does not answer.</param>
/// <param name="retryPeriod">How long a store that did not answer is left alone.</param>
public sealed class OwnerProof(ILogStore store, string stream, TimeProvider time, TimeSpan period, TimeSpan uncheckedMax, TimeSpan retryPeriod)
{
    private long epoch, provenAt = time.GetTimestamp(), failedAt;
    private Exception? failure;
    private Task asking = Task.CompletedTask;
    private Action<Exception> fenced = _ => { };

    /// <summary>The present, for <see cref="Renew"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Whether the last proof is so young that no answer needs another. Any thread may ask.</summary>
    public bool IsFresh => time.GetElapsedTime(Volatile.Read(ref provenAt)) < period / 2;

    private bool IsYoung => time.GetElapsedTime(provenAt) < period;

    private bool IsAsking => !asking.IsCompleted;

    /// <summary>The stream is open.</summary>
    /// <param name="openedEpoch">With this epoch.</param>
    /// <param name="whenFenced">Called when another activation turns out to own it.</param>
    public void Begin(long openedEpoch, Action<Exception> whenFenced) => (epoch, fenced) = (openedEpoch, whenFenced);

    /// <summary>A commit that was sent at <paramref name="sentAt"/> has come through.</summary>
    public void Renew(long sentAt)
    {
        Volatile.Write(ref provenAt, Math.Max(provenAt, sentAt));
        failure = null;
    }

    /// <summary>Completes when the activation may answer from memory; at once while the last proof is young.</summary>
    public Task Proven()
    {
        if (IsFresh)
            return Task.CompletedTask;
        bool mayAsk = failure is null || time.GetElapsedTime(failedAt) >= retryPeriod;
        if (!IsAsking && mayAsk)
            asking = Ask();
        return IsYoung ? Task.CompletedTask : IsAsking ? AfterAsking() : Judge();
    }

    private async Task AfterAsking()
    {
        await asking;
        if (!IsYoung && failure is null)
        {
            // The answer took so long that it says nothing of the present; one that is asked for from now on does.
            if (!IsAsking)
                asking = Ask();
            await asking;
        }
        await Judge();
    }

    private Task Judge() =>
        failure is null || IsYoung || (failure is not FencedException && time.GetElapsedTime(provenAt) < uncheckedMax)
            ? Task.CompletedTask
            : Task.FromException(failure);

    /// <summary>Never fails: what it found is in the fields.</summary>
    private async Task Ask()
    {
        long askedAt = time.GetTimestamp();
        try
        {
            await store.CheckOwner(stream, epoch);
            Renew(askedAt);
        }
        catch (Exception reason)
        {
            (failure, failedAt) = (reason, time.GetTimestamp());
            if (reason is FencedException)
                fenced(reason);
        }
    }
}
