using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Neighbours;

namespace OrleansRec.Grains.Users;

/// <summary>Users who like what this one likes: those among the latest users of this user's newest items.</summary>
/// <remarks>One call reads at most <see cref="ItemsMax"/> items from item shards, which keep the latest users of each, and the histories of at most <see cref="CandidatesMax"/> of those users. Users without consent to personalised lists are left out.</remarks>
public sealed partial class UserGrain
{
    private const int ItemsMax = 50, CandidatesMax = 100, SimilarMax = 100;

    public async Task<SimilarUser[]?> SimilarUsers(int k, CancellationToken cancellation = default)
    {
        if (k is < 1 or > SimilarMax)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"k must be 1 to {SimilarMax}.");
        await Hydrate(cancellation);
        if (view.Version == 0)
            return null;
        if (!view.MayPersonalise)
            return [];
        HistoryEvent[] events = view.Events();
        string[] newest = [.. LikedOf(events.Reverse()).Take(ItemsMax)];
        ItemView?[] items = await Task.WhenAll(newest.Select(id => grains.ItemShard(map.OfItem(id)).Get(id, cancellation)));
        string[] candidates = UserLikeness.Candidates(items.OfType<ItemView>().Select(i => i.Recent.Select(e => e.UserId)), userId, CandidatesMax);
        UserHistory?[] histories = await Task.WhenAll(candidates.Select(id => grains.UserShard(map.OfUser(id)).Load(id, UserView.NotLoaded, cancellation)));
        var own = LikedOf(events).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. histories.OfType<UserHistory>().Where(h => h.Settings is not { MayPersonalise: false })
                .Select(h => (h.UserId, Likeness: UserLikeness.Of(own, LikedOf(h.Events).ToHashSet(StringComparer.Ordinal)))).Where(u => u.Likeness.Shared > 0)
                .OrderByDescending(u => u.Likeness.Similarity).ThenBy(u => u.UserId, StringComparer.Ordinal).Take(k)
                .Select(u => new SimilarUser(u.UserId, u.Likeness.Similarity, u.Likeness.Shared)),
        ];
    }

    /// <summary>Items that a history likes, each once, in its order.</summary>
    private IEnumerable<string> LikedOf(IEnumerable<HistoryEvent> events) =>
        events.Where(e => e.ItemId != EventRules.NoItem && eventTypes.Current.Likes(e.Type, e.Value)).Select(e => e.ItemId).Distinct(StringComparer.Ordinal);
}
