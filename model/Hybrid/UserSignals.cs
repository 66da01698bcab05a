namespace OrleansRec.Model.Hybrid;

/// <summary>One item of a user's past.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Value">r of the pair, finite; below 0 where the user chose against the item.</param>
/// <param name="TimeMs">The moment of the pair, milliseconds since 1970-01-01 UTC; 0 where it is not known.</param>
public readonly record struct PastItem(string ItemId, float Value, long TimeMs);

/// <summary>What is known of a user when a list is made: what every part of a score reads.</summary>
public sealed class UserSignals
{
    private readonly PastItem[] _past;
    private ulong[]? _hashes;

    /// <summary>Takes a user's past, in any order.</summary>
    /// <param name="past">Each item at most once, shape (n).</param>
    /// <param name="nowMs">The moment of the list, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="userId">The user, where there is one: nobody is their own neighbour.</param>
    /// <param name="segment">The user's segment, where there is one.</param>
    /// <exception cref="ArgumentException">An item is there twice, or a value is not finite.</exception>
    public UserSignals(IEnumerable<PastItem> past, long nowMs = 0, string? userId = null, string? segment = null)
    {
        ArgumentNullException.ThrowIfNull(past);
        (NowMs, UserId, Segment) = (nowMs, userId, segment);
        _past = [.. past];
        if (!IsSorted(_past))
            Array.Sort(_past, InOrder);
        var seen = new HashSet<string>(_past.Length, StringComparer.Ordinal);
        foreach (var item in _past)
        {
            if (!seen.Add(item.ItemId))
                throw new ArgumentException($"A past holds an item once; got '{item.ItemId}' twice.", nameof(past));
            if (!float.IsFinite(item.Value))
                throw new ArgumentException($"The value of item '{item.ItemId}' must be finite; got {item.Value}.", nameof(past));
        }
    }

    /// <summary>The past, by time, then by id.</summary>
    public ReadOnlySpan<PastItem> Past => _past;

    /// <summary><see cref="IdHash"/> of each item of the past.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes ??= Array.ConvertAll(_past, p => IdHash.Of(p.ItemId));

    /// <summary>The moment of the list.</summary>
    public long NowMs { get; }

    /// <summary>The user; null for a visitor without an id.</summary>
    public string? UserId { get; }

    /// <summary>The user's segment; null where it is not known.</summary>
    public string? Segment { get; }

    /// <summary>Items that the user has bought, each once, with the moment of every purchase, milliseconds since 1970-01-01 UTC; what buy-again reads.</summary>
    public IReadOnlyList<(string ItemId, long[] TimesMs)> Purchases { get; init; } = [];

    /// <summary>The moment of the newest item; 0 for an empty past.</summary>
    public long NewestMs => _past.Length == 0 ? 0 : _past[^1].TimeMs;

    /// <summary>The order of a past: by time, then by id.</summary>
    public static int InOrder(PastItem a, PastItem b) => a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs) : string.CompareOrdinal(a.ItemId, b.ItemId);

    private static bool IsSorted(PastItem[] past)
    {
        for (int n = 1; n < past.Length; n++)
            if (InOrder(past[n - 1], past[n]) > 0)
                return false;
        return true;
    }
}
