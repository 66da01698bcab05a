using OrleansRec.Model.Baskets;
using OrleansRec.Model.Neighbours;

namespace OrleansRec.Model.Companions;

/// <summary>The tables of a companion, built without what was held out.</summary>
/// <param name="Pairs">The pairs that they were built from.</param>
/// <param name="Neighbours">Item-item neighbours.</param>
/// <param name="Together">What is bought together.</param>
/// <param name="Likers">Users who like each item.</param>
internal sealed record CompanionTables(HistoryPairs Pairs, NeighbourTable Neighbours, NeighbourTable Together, int[] Likers)
{
    /// <summary>Builds them.</summary>
    public static CompanionTables Of(CompanionSource source, ShopHistories histories, HoldOut holdOut, int workers)
    {
        var options = source.Options;
        string[] ids = histories.ItemIds;
        var pairs = HistoryPairs.Of(histories, source.Als.EffectivePairValue, source.Als.Objective == Objective.Implicit, holdOut);
        var neighbours = ItemNeighbours.Build(
            pairs.ByUser, ids, options.Neighbours with { NeighboursMax = options.NeighboursOf(ids.Length, options.Neighbours.NeighboursMax) }, 0, ids.Length, workers);
        source.Step();
        var together = BasketNeighbours.Build(
            BasketsOf(histories, pairs.HeldOutOf), ids, options.Together with { NeighboursMax = options.NeighboursOf(ids.Length, options.Together.NeighboursMax) });
        source.Step();
        return new(pairs, neighbours, together, LikersOf(histories, pairs.HeldOutOf));
    }

    /// <summary>What was bought in one session, or at one moment where there is no session; of a shop that tells of no purchases, what was liked together.</summary>
    private static InteractionRows BasketsOf(ShopHistories histories, int[][] heldOutOf)
    {
        bool hasPurchases = false;
        for (int user = 0; user < histories.UserCount && !hasPurchases; user++)
            foreach (var step in histories.Of(user))
                hasPurchases |= step.IsPurchase;
        var (starts, columns) = (new List<int> { 0 }, new List<int>());
        var steps = new List<HistoryStep>();
        for (int user = 0; user < histories.UserCount; user++)
        {
            steps.Clear();
            foreach (var step in histories.Of(user))
                if ((hasPurchases ? step.IsPurchase : step.IsLike) && step.Item < histories.ItemIds.Length && Array.BinarySearch(heldOutOf[user], step.Item) < 0 && (step.Basket >= 0 || step.TimeMs != 0))
                    steps.Add(step);
            steps.Sort(static (a, b) => (a.Basket, a.Basket >= 0 ? 0 : a.TimeMs, a.Item).CompareTo((b.Basket, b.Basket >= 0 ? 0 : b.TimeMs, b.Item)));
            AddBaskets(steps, starts, columns);
        }
        return new([.. starts], [.. columns], [.. Enumerable.Repeat(1f, columns.Count)]);
    }

    private static void AddBaskets(List<HistoryStep> steps, List<int> starts, List<int> columns)
    {
        for (int n = 0; n < steps.Count; n++)
        {
            bool isSame = n > 0 && steps[n].Basket == steps[n - 1].Basket && (steps[n].Basket >= 0 || steps[n].TimeMs == steps[n - 1].TimeMs);
            if (!isSame && columns.Count > starts[^1])
                starts.Add(columns.Count);
            if (!isSame || steps[n].Item != steps[n - 1].Item)
                columns.Add(steps[n].Item);
        }
        if (columns.Count > starts[^1])
            starts.Add(columns.Count);
    }

    /// <summary>Item and moment of every event that counts as popular, but of what was held out.</summary>
    public static IEnumerable<(int Item, long TimeMs)> LikesOf(ShopHistories histories, int[][]? heldOutOf = null)
    {
        for (int user = 0; user < histories.UserCount; user++)
            foreach (var step in histories.Of(user).ToArray())
                if (step.IsLike && step.Item < histories.ItemIds.Length && !(Array.BinarySearch(heldOutOf?[user] ?? [], step.Item) >= 0))
                    yield return (step.Item, step.TimeMs);
    }

    private static int[] LikersOf(ShopHistories histories, int[][] heldOutOf)
    {
        var (likers, last) = (new int[histories.ItemIds.Length], new int[histories.ItemIds.Length]);
        for (int user = 0; user < histories.UserCount; user++)
            foreach (var step in histories.Of(user))
                if (step.IsLike && step.Item < likers.Length && Array.BinarySearch(heldOutOf[user], step.Item) < 0 && last[step.Item] != user + 1)
                {
                    likers[step.Item]++;
                    last[step.Item] = user + 1;
                }
        return likers;
    }
}
