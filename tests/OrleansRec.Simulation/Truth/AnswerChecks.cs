using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>Holds every answer against the truth.</summary>
internal sealed class AnswerChecks(Truth truth, Checks checks, ShardMap map)
{
    // Scores travel as float; histories and ranks here are small, so rounding stays far below this share of a score.
    private const double Tolerance = 2e-4;

    public void Appended(string userId, EventRecord[] events)
    {
        foreach (var e in events)
            checks.Require(
                truth.Users.HasAt(userId, e.ItemId, e.TimeMs), CheckNames.AcknowledgedIsDurable,
                () => $"The event of user {userId} with item {e.ItemId} at {e.TimeMs} is acknowledged, and not in the durable log.");
    }

    /// <param name="history">The answer.</param>
    /// <param name="leastVersion">The version that was acknowledged before the call was made.</param>
    public void History(UserHistory history, long leastVersion)
    {
        if (!IsVisible(history.UserId, history.Version, leastVersion))
            return;
        foreach (var e in history.Events)
            checks.Require(
                !truth.Users.IsErased(history.UserId, e.EventKey), CheckNames.ErasedStaysErased,
                () => $"The history of user {history.UserId} has item {e.ItemId} at {e.TimeMs}, which was erased.");
        checks.Require(
            history.Events.Select(e => e.TimeMs).Distinct().Count() == history.Events.Length, CheckNames.NothingIsDoubled,
            () => $"The history of user {history.UserId} holds an event twice.");
        var expected = truth.Users.At(history.UserId, history.Version);
        checks.Require(
            expected is not null && expected.SequenceEqual(history.Events), CheckNames.HistoryIsTheLog,
            () => $"The history of user {history.UserId} at version {history.Version} is {Text(history.Events)}; the log says {Text(expected ?? [])}.");
    }

    public void List(string userId, RecommendRequest request, RecommendationList list, long leastVersion)
    {
        if (!IsVisible(userId, list.HistoryVersion, leastVersion))
            return;
        if (truth.Users.At(userId, list.HistoryVersion) is not { } history)
        {
            checks.Fail(CheckNames.HistoryIsTheLog, $"A list of user {userId} is computed from history {list.HistoryVersion}, which the log does not have.");
            return;
        }
        var model = truth.Models.GetValueOrDefault(list.ModelVersion);
        checks.Require(
            list.ModelVersion == 0 || model is not null, CheckNames.ListHasOneModel,
            () => $"A list of user {userId} names version {list.ModelVersion}, which was never published.");
        if (model?.Solve(history) is { } x)
            Personal(userId, request, list, history, model, x);
        else
            Popular(userId, list);
    }

    public void Explanation(string userId, Explanation explanation, long leastVersion)
    {
        if (!IsVisible(userId, explanation.HistoryVersion, leastVersion))
            return;
        var history = truth.Users.At(userId, explanation.HistoryVersion);
        var model = truth.Models.GetValueOrDefault(explanation.ModelVersion);
        var score = history is null || model is null ? double.NaN : model.Solve(history) is { } x ? model.Score(x, explanation.ItemId) : 0;
        checks.Require(
            Math.Abs(score - explanation.Score) <= Tolerance * (1 + Math.Abs(score)), CheckNames.ExplanationIsTheScore,
            () => $"User {userId}, item {explanation.ItemId}, model {explanation.ModelVersion}, history {explanation.HistoryVersion}: explained {explanation.Score}; solved {score}.");
        var sum = explanation.Offset + explanation.Contributions.Sum(c => c.Amount);
        checks.Require(
            Math.Abs(sum - explanation.Score) <= 1e-9 * (1 + Math.Abs(sum)), CheckNames.ExplanationIsTheScore,
            () => $"User {userId}, item {explanation.ItemId}: the parts come to {sum}, the score is {explanation.Score}.");
    }

    private bool IsVisible(string userId, long version, long leastVersion)
    {
        checks.Require(
            version >= leastVersion, CheckNames.AcknowledgedIsVisible,
            () => $"User {userId} is shown history {version}; {leastVersion} was acknowledged before.");
        return checks.First is null;
    }

    private void Personal(
        string userId, RecommendRequest request, RecommendationList list, IReadOnlyList<HistoryEvent> history, ModelTruth model, double[] x)
    {
        if (Difference(request, list, history, model, x) is not { } difference)
            return;
        var mixed = truth.Models.Values.FirstOrDefault(other => other != model && Mixes(list, history, model, other));
        checks.Fail(
            mixed is null ? CheckNames.ListIsBruteForce : CheckNames.ListHasOneModel,
            $"User {userId}, model {list.ModelVersion}, history {list.HistoryVersion}, catalogue {list.CatalogueVersion}: {difference}"
            + (mixed is null ? "" : $" The vector is that of model {mixed.Info.Version}."));
    }

    /// <summary>What the list has otherwise than brute force, under the best of the states that its catalogue version can stand for; null for nothing.</summary>
    private string? Difference(RecommendRequest request, RecommendationList list, IReadOnlyList<HistoryEvent> history, ModelTruth model, double[] x)
    {
        string? difference = $"no catalogue has version {list.CatalogueVersion}.";
        var seen = history.Where(e => !request.IncludeSeen && EventTypeRules.Default.TryGet(e.Type, out var rule) && rule.Excludes).Select(e => e.ItemId).ToHashSet(StringComparer.Ordinal);
        var scores = model.Ids.Where(id => !seen.Contains(id)).ToDictionary(id => id, id => model.Score(x, id), StringComparer.Ordinal);
        foreach (var hidden in truth.Catalogue.At(list.CatalogueVersion))
        {
            var fresh = list.Items.Where(IsBeside).ToArray();
            var shut = hidden;
            difference = fresh.FirstOrDefault(i => model.Has(i.ItemId) || seen.Contains(i.ItemId) || shut[map.OfItem(i.ItemId)].Contains(i.ItemId)) is { ItemId: { } wrong } item
                ? $"item {wrong} ({item.Source}) beside the model is one that {(model.Has(wrong) ? "the model knows" : seen.Contains(wrong) ? "the user has" : "the shop hides")}."
                : Difference(request.K, list, fresh.Length, scores.Where(s => !shut[map.OfItem(s.Key)].Contains(s.Key)).ToDictionary(StringComparer.Ordinal));
            if (difference is null)
                return null;
        }
        return difference;
    }

    /// <summary>New to the model, or from a rung of the ladder where the model's items leave the list short.</summary>
    private static bool IsBeside(RecommendedItem item) => item.Source is RecommendationSource.New or RecommendationSource.Popular or RecommendationSource.Any or RecommendationSource.FirstEvent or RecommendationSource.Segment;

    /// <summary>New items have factors that follow from their content, which is not recomputed here: they must stand in order, and beside them the list is what brute force finds.</summary>
    private static string? Difference(int k, RecommendationList list, int fresh, Dictionary<string, double> scores)
    {
        if (list.Items.Length != Math.Min(k, scores.Count + fresh))
            return $"{list.Items.Length} items, {fresh} of them new; {Math.Min(k, scores.Count + fresh)} were to be had.";
        var worst = double.PositiveInfinity;
        for (var rank = 0; rank < list.Items.Length; rank++)
        {
            var item = list.Items[rank];
            if (IsBeside(item))
            {
                if (!(item.Score <= worst) || item.Rank != rank + 1)
                    return $"item {item.ItemId} beside the model is out of order.";
                worst = item.Score;
                continue;
            }
            if (!scores.Remove(item.ItemId, out var score))
                return $"item {item.ItemId} should not be there.";
            if (Math.Abs(score - item.Score) > Tolerance * (1 + Math.Abs(score)))
                return $"item {item.ItemId} has score {item.Score}; brute force gives {score}.";
            if (item.Score > worst || item.Rank != rank + 1)
                return $"item {item.ItemId} is out of order.";
            worst = item.Score;
        }
        var missed = scores.FirstOrDefault(s => s.Value > worst + Tolerance * (1 + Math.Abs(worst)));
        return missed.Key is null || list.Items.Length == 0 ? null : $"item {missed.Key} with score {missed.Value} is missing; the last one has {worst}.";
    }

    private static bool Mixes(RecommendationList list, IReadOnlyList<HistoryEvent> history, ModelTruth named, ModelTruth other) =>
        other.Width == named.Width && other.Solve(history) is { } x && list.Items.Length > 0 && list.Items.All(item =>
            named.Has(item.ItemId) && Math.Abs(named.Score(x, item.ItemId) - item.Score) <= Tolerance * (1 + Math.Abs(item.Score)));

    private void Popular(string userId, RecommendationList list)
    {
        var shown = list.Items.Select(i => i.ItemId).ToArray();
        checks.Require(
            shown.Distinct(StringComparer.Ordinal).Count() == shown.Length, CheckNames.ListIsBruteForce, () => $"A list of user {userId} has an item twice.");
        checks.Require(
            truth.Catalogue.At(list.CatalogueVersion).Any(hidden => shown.All(id => !hidden[map.OfItem(id)].Contains(id))), CheckNames.ListIsBruteForce,
            () => $"A list of user {userId} has items that are hidden in every catalogue {list.CatalogueVersion}.");
    }

    private static string Text(IEnumerable<HistoryEvent> events) => $"[{string.Join(", ", events.Select(e => $"{e.ItemId}@{e.TimeMs}"))}]";
}
