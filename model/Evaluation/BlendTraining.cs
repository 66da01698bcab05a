using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>Learned weights, with the figures that chose how they were learned.</summary>
/// <param name="Weights">The weights, learned on all held-out users.</param>
/// <param name="Loss">The loss that was better on users whom it had not seen.</param>
/// <param name="ByLoss">NDCG@10 of each loss, with and without scaling, on the half of the users that it was not learned on.</param>
public sealed record LearnedBlend(BlendWeights Weights, BlendLoss Loss, IReadOnlyDictionary<string, double> ByLoss);

/// <summary>Learns the weights of a hybrid from the held-out items of an inner split.</summary>
/// <remarks>
/// Candidates of a user are the best <see cref="CandidatesOfPart"/> of every part: what a list is made of, so weights are learned where ranks are decided. A held-out item that no part finds is not
/// among them: beside candidates that are there for their high scores it would teach that high scores are bad. Users are halved by hash; the loss and the scaling that give the higher NDCG@10 on the other half are kept, and weights are learned again on all.
/// </remarks>
public static class BlendTraining
{
    /// <summary>Candidates of each part.</summary>
    public const int CandidatesOfPart = 50;

    /// <summary>Users at most, the first by hash: weights are few, and do not need more.</summary>
    public const int UsersMax = 4_000;

    private const ulong Salt = 0x3C6EF372FE94F82B;

    /// <summary>Learns weights.</summary>
    /// <param name="parts">Parts fitted on the inner training pairs.</param>
    /// <param name="inner">Inner training pairs and held-out items.</param>
    /// <param name="workers">Threads; the result does not depend on it.</param>
    public static LearnedBlend Learn(IReadOnlyList<IScorePart> parts, OfflineSet inner, int workers = 1)
    {
        var (first, second) = Halves(inner);
        int[] users = [.. first, .. second];
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        (BlendLoss Loss, bool IsScaled, double Ndcg) best = (default, true, -1);
        foreach (bool isScaled in (bool[])[true, false])
        {
            var examples = Examples(parts, inner, first, isScaled, workers);
            foreach (var loss in Enum.GetValues<BlendLoss>())
            {
                var weights = BlendLearner.Learn(examples, loss) with { IsScaled = isScaled };
                double ndcg = Measure(new Blend(parts, weights), inner, second, workers);
                figures[$"{loss}, {(isScaled ? "scaled" : "as they are")}"] = ndcg;
                if (ndcg > best.Ndcg)
                    best = (loss, isScaled, ndcg);
            }
        }
        var final = BlendLearner.Learn(Examples(parts, inner, users, best.IsScaled, workers), best.Loss) with { IsScaled = best.IsScaled };
        return new(final, best.Loss, figures);
    }

    /// <summary>The users that weights are learned from, in two halves by hash.</summary>
    internal static (int[] First, int[] Second) Halves(OfflineSet inner)
    {
        int[] users = [.. inner.TestUsers.Where(u => inner.TestItemsOf(u).Length > 0).OrderBy(u => Order(inner.UserIds[u])).Take(UsersMax)];
        return (users[..(users.Length / 2)], users[(users.Length / 2)..]);
    }

    /// <summary>Candidates of some users.</summary>
    internal static BlendExamples Examples(IReadOnlyList<IScorePart> parts, OfflineSet set, int[] users, bool isScaled, int workers)
    {
        var found = new List<(double[] Scores, bool IsHeldOut)>[users.Length];
        PieceWork.Run(users.Length, workers, (at, _) => found[at] = CandidatesOf(parts, set, users[at], isScaled));
        var examples = new BlendExamples([.. parts.Select(p => p.Name)]);
        foreach (var user in found)
        {
            foreach (var (scores, isHeldOut) in user)
                examples.Add(scores, isHeldOut);
            examples.EndGroup();
        }
        return examples;
    }

    private static List<(double[], bool)> CandidatesOf(IReadOnlyList<IScorePart> parts, OfflineSet set, int user, bool isScaled)
    {
        var signals = set.SignalsOf(user);
        var scores = new float[parts.Count][];
        var scales = new double[parts.Count];
        var rows = new SortedSet<int>();
        for (int p = 0; p < parts.Count; p++)
        {
            var query = parts[p].Prepare(signals);
            scales[p] = query.Scale <= 0 ? 0 : isScaled ? 1 / query.Scale : 1;
            parts[p].Score(query, scores[p] = new float[set.ItemIds.Length]);
            if (scales[p] > 0)
                rows.UnionWith(OfflineLists.Best(scores[p], set, user, CandidatesOfPart));
        }
        var candidates = new List<(double[], bool)>();
        foreach (int row in rows)
            candidates.Add(([.. Enumerable.Range(0, parts.Count).Select(p => scores[p][row] * scales[p])], set.TestItemsOf(user).BinarySearch(row) >= 0));
        return candidates;
    }

    internal static double Measure(Blend blend, OfflineSet set, int[] users, int workers)
    {
        var lists = new int[users.Length][];
        PieceWork.Run(users.Length, workers, (at, _) =>
        {
            var scores = new float[set.ItemIds.Length];
            blend.Score(blend.Prepare(set.SignalsOf(users[at])), scores);
            lists[at] = OfflineLists.Best(scores, set, users[at], PartSearch.ListLength);
        });
        return users.Length == 0 ? 0 : new OfflineLists(blend.Name, users, lists).Ndcg(set, PartSearch.ListLength).Average();
    }

    /// <summary>The order in which users are taken.</summary>
    internal static ulong Order(string userId) => IdHash.Mix(IdHash.Of(userId) ^ Salt);
}
