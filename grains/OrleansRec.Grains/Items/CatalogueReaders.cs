namespace OrleansRec.Grains.Items;

/// <summary>Until when other silos may serve lists from what an item shard has told them.</summary>
/// <remarks>
/// A silo serves from what it was told for <paramref name="period"/>, counted from its question; the shard counts from its answer, which is later. So a change is known
/// everywhere once the period is over for everything that was told before it. A silo that cannot reach the shard serves on from what it knows: the promise is not to it.
/// Used from the shard's turns only.
/// </remarks>
/// <param name="time">Its timestamps.</param>
/// <param name="period">Serving:StalenessPeriod.</param>
internal sealed class CatalogueReaders(TimeProvider time, TimeSpan period)
{
    /// <summary>Nobody was told anything.</summary>
    private const long Never = long.MinValue;

    /// <summary>A timestamp: what was told so far is not served after it.</summary>
    public long ToldUntil { get; private set; } = Never;

    /// <summary>A silo is told the state as it is now.</summary>
    public void Told() => ToldUntil = Math.Max(ToldUntil, After(period));

    /// <summary>An earlier activation may have told others, and may do so for a while yet.</summary>
    public void AssumeTold(TimeSpan whileYet) => ToldUntil = Math.Max(ToldUntil, After(whileYet + period));

    /// <summary>The time from now until a value of <see cref="ToldUntil"/>; zero or less where it is over.</summary>
    public TimeSpan Until(long toldUntil) => toldUntil == Never ? TimeSpan.Zero : time.GetElapsedTime(time.GetTimestamp(), toldUntil);

    private long After(TimeSpan span) => time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);
}
