using OrleansRec.Model.Companions;

namespace OrleansRec.Model.Popularity;

/// <summary>What most users of one segment like.</summary>
/// <param name="Users">Users of the segment.</param>
/// <param name="Items">Rows of the version, most users first, then by id, shape (n), n ≤ <see cref="SegmentRanks.ItemsMax"/>.</param>
/// <param name="Counts">Users of the segment who like each, ≥ 1, shape (n).</param>
public sealed record SegmentRank(int Users, int[] Items, int[] Counts);

/// <summary>Popularity within segments. A segment is the users who have one value of one attribute.</summary>
/// <remarks>
/// Counted are the <see cref="SegmentsMax"/> segments with most users, then by key; one with fewer than <see cref="UsersMin"/> users is not, because its counts would say what a single user likes. Cost: one pass over the events of each
/// segment's users. Worked example: users a … e have the attribute country = DE, all like x and a likes y too: "country=DE" has 5 users, items [x, y], counts [5, 1].
/// </remarks>
public sealed record SegmentRanks
{
    /// <summary>Segments at most.</summary>
    public const int SegmentsMax = 256;

    /// <summary>Users of a segment at least.</summary>
    public const int UsersMin = 5;

    /// <summary>Items of a segment at most.</summary>
    public const int ItemsMax = 1_000;

    /// <summary>The attribute whose value is the user's segment where nothing else is said.</summary>
    public const string AttributeDefault = "segment";

    /// <summary>No segment.</summary>
    public static SegmentRanks None { get; } = new();

    /// <summary>The segments by key, see <see cref="KeyOf"/>.</summary>
    public IReadOnlyDictionary<string, SegmentRank> All { get; init; } = new Dictionary<string, SegmentRank>(StringComparer.Ordinal);

    /// <summary>Names a segment: attribute=value.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">Its value.</param>
    public static string KeyOf(string attribute, string value) => $"{attribute}={value}";

    /// <summary>Which segment a list is for: what the request says, else the user's own.</summary>
    /// <param name="asked">What the request says: attribute=value, or a value of <paramref name="attribute"/>; null for nothing.</param>
    /// <param name="attribute">The attribute that makes segments.</param>
    /// <param name="attributes">The user's attributes.</param>
    /// <returns>A key, or null where nothing is known.</returns>
    public static string? KeyFor(string? asked, string attribute, IReadOnlyDictionary<string, string> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        if (asked is not null)
            return asked.Contains('=') ? asked : KeyOf(attribute, asked);
        return attributes.TryGetValue(attribute, out string? own) ? KeyOf(attribute, own) : null;
    }

    /// <summary>Counts who likes what in each segment.</summary>
    /// <param name="histories">What users did, and their segments.</param>
    public static SegmentRanks Of(ShopHistories histories)
    {
        ArgumentNullException.ThrowIfNull(histories);
        var users = new List<int>[histories.SegmentKeys.Count];
        for (int user = 0; user < histories.UserCount; user++)
            foreach (int segment in histories.SegmentsOf(user))
                (users[segment] ??= []).Add(user);
        int[] kept = [.. Enumerable.Range(0, users.Length).Where(s => users[s]?.Count >= UsersMin)
            .OrderByDescending(s => users[s].Count).ThenBy(s => histories.SegmentKeys[s], StringComparer.Ordinal).Take(SegmentsMax)];
        if (kept.Length == 0)
            return None;
        var counter = new LikeCounter(histories);
        return new() { All = kept.ToDictionary(s => histories.SegmentKeys[s], s => counter.RankOf(users[s]), StringComparer.Ordinal) };
    }

    /// <summary>Counts of one segment after another, in arrays that are used again.</summary>
    private sealed class LikeCounter(ShopHistories histories)
    {
        private readonly int[] _counts = new int[histories.ItemIds.Length], _last = new int[histories.ItemIds.Length];
        private readonly List<int> _touched = [];

        public SegmentRank RankOf(List<int> users)
        {
            foreach (int user in users)
                foreach (var step in histories.Of(user))
                    if (step.IsLike && step.Item < _counts.Length && _last[step.Item] != user + 1)
                        Count(step.Item, user);
            int[] best = [.. _touched.OrderByDescending(item => _counts[item]).ThenBy(item => histories.ItemIds[item], StringComparer.Ordinal).Take(ItemsMax)];
            var rank = new SegmentRank(users.Count, best, Array.ConvertAll(best, item => _counts[item]));
            foreach (int item in _touched)
                (_counts[item], _last[item]) = (0, 0);
            _touched.Clear();
            return rank;
        }

        private void Count(int item, int user)
        {
            if (_counts[item]++ == 0)
                _touched.Add(item);
            _last[item] = user + 1;
        }
    }
}
