using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>A sampled user as frozen for a training.</summary>
/// <param name="Row">The user's row in the shard's pairs.</param>
/// <param name="UserId">The user.</param>
/// <param name="ItemId">The newest item, which is in none of the pairs.</param>
/// <param name="Events">The events with other items.</param>
internal sealed record HeldOutUser(int Row, string UserId, string ItemId, HeldOutEvent[] Events);

/// <summary>An event, as far as a model of another plan needs it.</summary>
internal readonly record struct HeldOutEvent(string ItemId, string Type, float Value, long TimeMs);

/// <summary>The sampled users of one shard, measured with two versions.</summary>
/// <param name="users">The users.</param>
/// <param name="solver">Runs on the compute pool.</param>
internal sealed class HeldOutUsers(IReadOnlyList<HeldOutUser> users, SideSolver solver)
{
    public IReadOnlyList<HeldOutUser> All => users;

    /// <summary>Those that a version trained with a share has never seen the newest item of.</summary>
    public HeldOutUsers Within(double share) => new([.. users.Where(u => HeldOutSample.Has(u.UserId, share))], solver);

    /// <summary>With the items of a training under way.</summary>
    /// <param name="items">The items after its last sweep.</param>
    /// <param name="rows">The shard's pairs; columns are rows of <paramref name="items"/>.</param>
    /// <param name="rowOf">The row of each held-out item that the training has.</param>
    /// <param name="stop">Ends the work.</param>
    public async Task<double[]> GainsOf(FixedSide items, InteractionRows rows, IReadOnlyDictionary<string, int> rowOf, CancellationToken stop)
    {
        var gains = new double[users.Count];
        var half = new HalfSweep(items, fromZero: true);
        await solver.Each(users.Count, i =>
        {
            var x = new float[half.Width];
            half.Solve(rows, users[i].Row, x, half.CreateScratch());
            gains[i] = HeldOutSample.Gain(x, items.Factors.Span, rows.Columns(users[i].Row), rowOf.GetValueOrDefault(users[i].ItemId, -1));
        }, stop);
        return gains;
    }

    /// <summary>With a published version, under its own plan.</summary>
    public async Task<double[]> GainsOf(PublishedModel model, CancellationToken stop)
    {
        var gains = new double[users.Count];
        await solver.Each(users.Count, i => gains[i] = GainOf(users[i], model), stop);
        return gains;
    }

    private static double GainOf(HeldOutUser user, PublishedModel model)
    {
        FoldScratch scratch = model.TakeScratch();
        try
        {
            foreach (HeldOutEvent e in user.Events)
                if (model.RowOf(e.ItemId) is >= 0 and int row)
                    scratch.Pairs.Add(row, model.WeightOf(e.Type) * e.Value, e.TimeMs);
            scratch.Pairs.Reduce(model.Options.EffectivePairValue);
            scratch.Pairs.DropZeros();
            return FoldedUser.Of(model, scratch) is { } folded
                ? HeldOutSample.Gain(folded.Query, model.Factors, scratch.Pairs.Items, model.RowOf(user.ItemId))
                : 0;
        }
        finally
        {
            model.Return(scratch);
        }
    }
}
