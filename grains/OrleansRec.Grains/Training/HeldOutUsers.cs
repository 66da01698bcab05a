using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>A sampled user as frozen for a training.</summary>
/// <param name="Row">The user's row in the shard's pairs.</param>
/// <param name="UserId">The user.</param>
/// <param name="ItemId">The newest item, which is in none of the pairs.</param>
/// <param name="Item">Its number in the shard's tables.</param>
/// <param name="Events">All events as they were then, where the shard keeps them: there is no copy.</param>
internal sealed record HeldOutUser(int Row, string UserId, string ItemId, int Item, UserRecordEnumerator Events);

/// <summary>The sampled users of one shard, measured with two versions.</summary>
/// <param name="users">The users.</param>
/// <param name="texts">What the numbers in their events stand for.</param>
/// <param name="solver">Runs on the compute pool.</param>
internal sealed class HeldOutUsers(IReadOnlyList<HeldOutUser> users, EventTexts texts, SideSolver solver)
{
    private const int RowUnknown = -1, NotAsked = -2;

    public IReadOnlyList<HeldOutUser> All => users;

    public static HeldOutUsers None(SideSolver solver) => new([], new(new(), new(), new()), solver);

    /// <summary>Those that a version trained with a share has never seen the newest item of.</summary>
    public HeldOutUsers Within(double share) => new([.. users.Where(u => HeldOutSample.Has(u.UserId, share))], texts, solver);

    /// <summary>With the items of a training under way.</summary>
    /// <param name="items">The items after its last sweep.</param>
    /// <param name="rows">The shard's pairs; columns are rows of <paramref name="items"/>.</param>
    /// <param name="rowOf">The row of each held-out item that the training has.</param>
    /// <param name="stop">Ends the work.</param>
    public async Task<double[]> GainsOf(FixedSide items, InteractionRows rows, IReadOnlyDictionary<string, int> rowOf, CancellationToken stop)
    {
        var gains = new double[users.Count];
        var half = new HalfSweep(items, fromZero: true);
        await solver.SolveEach(half, rows, [.. users.Select(u => u.Row)], (i, x) =>
            gains[i] = HeldOutSample.Gain(x, items.Factors.Span, rows.Columns(users[i].Row), rowOf.GetValueOrDefault(users[i].ItemId, RowUnknown)), stop);
        return gains;
    }

    /// <summary>With a published version, under its own plan. Called in the shard's turn, in which its tables can be read.</summary>
    public async Task<double[]> GainsOf(PublishedModel model, CancellationToken stop)
    {
        var gains = new double[users.Count];
        int[] rowOf = RowsUnder(model);
        TypeMeanings types = model.Info.Plan.MeaningsOf([.. Enumerable.Range(0, texts.Types.Count).Select(type => texts.Types[type])]);
        await solver.Each(users.Count, (i, _) => gains[i] = GainOf(users[i], model, rowOf, types), stop);
        return gains;
    }

    /// <summary>The row under a version of each item number that occurs, shape (items of the shard).</summary>
    private int[] RowsUnder(PublishedModel model)
    {
        var rowOf = new int[texts.Items.Count];
        rowOf.AsSpan().Fill(NotAsked);
        foreach (HeldOutUser user in users)
            foreach (RecordEvent e in user.Events)
                if (rowOf[e.Item] == NotAsked)
                    rowOf[e.Item] = model.RowOf(texts.Items[e.Item]);
        return rowOf;
    }

    private static double GainOf(HeldOutUser user, PublishedModel model, int[] rowOf, TypeMeanings types)
    {
        FoldScratch scratch = model.TakeScratch();
        try
        {
            foreach (RecordEvent e in user.Events)
                if (e.Item != user.Item && rowOf[e.Item] >= 0 && types.Counts(e.Type))
                    scratch.Pairs.Add(rowOf[e.Item], types.AmountOf(e.Type, e.Value, e.TimeMs), e.TimeMs);
            scratch.Pairs.Reduce(model.Options.EffectivePairValue);
            scratch.Pairs.DropZeros();
            return FoldedUser.Of(model, scratch) is { } folded
                ? HeldOutSample.Gain(folded.Query, model.Factors, scratch.Pairs.Items, rowOf[user.Item])
                : 0;
        }
        finally
        {
            model.Return(scratch);
        }
    }
}
