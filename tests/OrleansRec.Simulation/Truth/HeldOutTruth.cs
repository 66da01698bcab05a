using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>What the comparison of two versions should come to, by plain double arithmetic on the durable log.</summary>
internal static class HeldOutTruth
{
    // Where two scores are nearer than this, as in all checks of lists, either may come first.
    private const double Tolerance = 2e-4;

    // One pair is held out, and another must be left.
    private const int PairsMin = 2;

    /// <summary>A user's newest item, if the user is sampled and has more than a dislike of it; else null.</summary>
    public static string? ItemOf(string userId, IReadOnlyList<LoggedEvent> events, double share)
    {
        if (events.Count == 0 || !HeldOutSample.Has(userId, share))
            return null;
        string[] all = [.. events.Select(e => e.ItemId).Distinct(StringComparer.Ordinal)];
        string[] items = [.. events.Where(e => e.Type != EventTypeRules.Dislike).Select(e => e.ItemId).Distinct(StringComparer.Ordinal)];
        return all.Length >= HeldOutSample.ItemsMin && items.Length >= PairsMin && items.Contains(all[^1]) ? all[^1] : null;
    }

    /// <summary>What is wrong with the figures of a training, or null.</summary>
    /// <param name="quality">The figures.</param>
    /// <param name="events">Every user's events up to the training's watermarks.</param>
    /// <param name="share">The share held out of it.</param>
    /// <param name="made">The version that it made; null where it was refused.</param>
    /// <param name="current">The version that it was compared with.</param>
    public static string? Fault(
        ModelQuality quality, IReadOnlyDictionary<string, List<LoggedEvent>> events, double share, ModelTruth? made, ModelTruth current)
    {
        var within = Math.Min(share, current.Info.Plan.HeldOut?.Share ?? 0);
        var users = events.Where(u => ItemOf(u.Key, u.Value, within) is not null).ToArray();
        if (users.Length != quality.Users)
            return $"{quality.Users} users are measured; {users.Length} are in the sample.";
        if (users.Length == 0)
            return null;
        return Fault("the new version", made, quality.New) ?? Fault("the current version", current, quality.Current);

        string? Fault(string which, ModelTruth? model, double figure)
        {
            if (model is null)
                return null;
            var (low, high) = (0.0, 0.0);
            foreach (var (userId, ofUser) in users)
            {
                var (least, most) = Gain(model, ofUser, ItemOf(userId, ofUser, within)!);
                (low, high) = (low + least, high + most);
            }
            return figure >= low / users.Length - 1e-9 && figure <= high / users.Length + 1e-9
                ? null
                : $"The figure of {which} is {figure}; brute force on {users.Length} users gives {low / users.Length} to {high / users.Length}.";
        }
    }

    private static (double Least, double Most) Gain(ModelTruth model, IReadOnlyList<LoggedEvent> events, string heldOut)
    {
        var history = events.Where(e => e.ItemId != heldOut).Select(e => new HistoryEvent(e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey)).ToArray();
        if (!model.Has(heldOut) || model.Solve(history) is not { } x)
            return (0, 0);
        // What the user has only turned down is no pair, and stands among the others.
        var own = history.Where(e => e.Type != EventTypeRules.Dislike).Select(e => e.ItemId).ToHashSet(StringComparer.Ordinal);
        var score = model.Score(x, heldOut);
        var margin = Tolerance * (1 + Math.Abs(score));
        double[] others = [.. model.Ids.Where(id => id != heldOut && !own.Contains(id)).Select(id => model.Score(x, id))];
        return (At(others.Count(s => s > score - margin)), At(others.Count(s => s > score + margin)));

        static double At(int better) => better < HeldOutSample.ListLength ? 1 / Math.Log2(better + 2) : 0;
    }
}
