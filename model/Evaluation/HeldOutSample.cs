using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>The users on whom versions are compared before one is published: a fixed sample by hash, whose newest item no version is trained on.</summary>
/// <remarks>
/// The newest item of a user is the one whose first event arrived last. A version that was trained before saw it neither: either it had not
/// arrived, or it was the newest then too and was held out. So both versions are asked for something that they have never seen, as long as events are not taken
/// back and types do not begin or end to count. A smaller share is a part of a larger one, so shares may change from one training to the next.
/// </remarks>
public static class HeldOutSample
{
    /// <summary>Lists are measured at this length.</summary>
    public const int ListLength = 10;

    /// <summary>Users with fewer items are trained on only.</summary>
    public const int ItemsMin = Split.ItemsMinDefault;

    /// <summary>So are those with more events: robots and tills, of which one would weigh as much to keep as a thousand others.</summary>
    public const int EventsMax = 2_000;

    private const ulong Salt = 0x6A09E667F3BCC909;

    /// <summary>The share of users to sample; 0 where the shop is too small for a comparison that says anything, so that it trains on everything.</summary>
    /// <param name="users">Users with events.</param>
    /// <param name="shareMax">The largest share, 0 … 1.</param>
    /// <param name="usersMin">Below so many sampled users there is no comparison; about half of those sampled have enough items.</param>
    /// <param name="usersMax">Above so many the share falls.</param>
    public static double ShareOf(long users, double shareMax, int usersMin, int usersMax) =>
        users * shareMax < 2.0 * usersMin ? 0 : Math.Min(shareMax, (double)usersMax / users);

    /// <summary>Whether a user is in the sample.</summary>
    public static bool Has(string userId, double share) => share > 0 && (IdHash.Mix(IdHash.Of(userId) ^ Salt) >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>The item of a user whose first event arrived last; −1 where the user has too few items or too many events to be measured.</summary>
    public static int NewestItem(UserRecordEnumerator events)
    {
        var seen = new HashSet<int>();
        int newest = -1, count = 0;
        while (events.MoveNext())
        {
            if (++count > EventsMax)
                return -1;
            if (seen.Add(events.Current.Item))
                newest = events.Current.Item;
        }
        return seen.Count < ItemsMin ? -1 : newest;
    }

    /// <summary>What a list gains from the held-out item: 1/log₂(rank + 1), which is its NDCG, or 0 where it is not among the first <see cref="ListLength"/>.</summary>
    /// <param name="query">Multiplied with the rows, shape (width).</param>
    /// <param name="factors">Row-major, shape (items, width).</param>
    /// <param name="ownRows">Rows of what the user has, ascending; they are in no list.</param>
    /// <param name="heldOutRow">The row of the held-out item; −1 where the version does not know it.</param>
    /// <remarks>Ends as soon as enough better items are found. Equal scores count in the order of rows.</remarks>
    public static double Gain(ReadOnlySpan<float> query, ReadOnlySpan<float> factors, ReadOnlySpan<int> ownRows, int heldOutRow)
    {
        if (heldOutRow < 0)
            return 0;
        int width = query.Length, rank = 1, own = 0;
        float score = TensorPrimitives.Dot(query, factors.Slice(heldOutRow * width, width));
        for (int row = 0; row < factors.Length / width && rank <= ListLength; row++)
        {
            while (own < ownRows.Length && ownRows[own] < row)
                own++;
            if (row == heldOutRow || (own < ownRows.Length && ownRows[own] == row))
                continue;
            float other = TensorPrimitives.Dot(query, factors.Slice(row * width, width));
            if (other > score || (other == score && row < heldOutRow))
                rank++;
        }
        return rank <= ListLength ? RankingMetrics.Gain(rank) : 0;
    }
}
