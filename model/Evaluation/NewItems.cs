using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Serving;

namespace OrleansRec.Model.Evaluation;

/// <summary>How well items that no model has seen are found by their content alone.</summary>
/// <param name="Users">Users with a hidden item held out.</param>
/// <param name="Items">Hidden items.</param>
/// <param name="Content">Recall@20 by content similarity.</param>
/// <param name="Factors">Recall@20 by factors that ridge regression gives from content.</param>
/// <param name="Both">Recall@20 by the sum of both, each divided by its query's scale.</param>
/// <param name="Random">Recall@20 of a random order.</param>
/// <param name="ContentByUser">Recall@20 of each user by content.</param>
/// <param name="BothByUser">Recall@20 of each user by both.</param>
/// <param name="RandomByUser">Recall@20 of each user by the random order.</param>
public sealed record NewItems(
    int Users, int Items, double Content, double Factors, double Both, double Random, double[] ContentByUser, double[] BothByUser, double[] RandomByUser)
{
    /// <summary>Recall@20 by embeddings of a sequence model that ridge regression gives from content; null where none was trained.</summary>
    public double? Sequence { get; init; }

    /// <summary>Recall@20 by the sum of content, factors and sequence model, each divided by its query's scale; null where none was trained.</summary>
    public double? All { get; init; }

    private const int Length = 20;

    /// <summary>Hides items from the training pairs, and ranks the hidden items only, for users with one held out.</summary>
    /// <param name="parts">The split.</param>
    /// <param name="isHidden">Which items are hidden.</param>
    /// <param name="content">Content of items by id.</param>
    /// <param name="als">Options of the factorisation.</param>
    /// <param name="lambda">λ of the ridge regression.</param>
    /// <param name="reading">How a past is weighed.</param>
    /// <param name="seed">The seed of the random order.</param>
    /// <param name="workers">Threads; no figure depends on it.</param>
    /// <param name="sequence">How a sequence model is trained too; null: none is. Only where pairs have times.</param>
    /// <remarks>A hidden item that a user has in the training pairs is hidden there too, and left out of that user's list as anything that the user has.</remarks>
    /// <exception cref="ArgumentException">No item is hidden, or none of them is held out.</exception>
    public static NewItems Measure(
        SplitParts parts, Func<string, bool> isHidden, IReadOnlyDictionary<string, ItemFeatures> content, AlsOptions als, double lambda, HistoryReading reading, int seed, int workers = 1,
        SequenceOptions? sequence = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Interaction[] train = [.. parts.Train.Where(p => !isHidden(p.ItemId))];
        var had = parts.Train.Where(p => isHidden(p.ItemId)).Select(p => (p.UserId, p.ItemId)).ToHashSet();
        string[] hiddenIds = [.. parts.Train.Concat(parts.Test).Select(p => p.ItemId).Where(isHidden).Distinct()];
        var set = OfflineSet.Of(new(train, [.. parts.Test.Where(p => isHidden(p.ItemId))]), hiddenIds);
        if (hiddenIds.Length == 0 || !set.TestUsers.Any())
            throw new ArgumentException("New items are measured on at least 1 hidden item that is held out; got 0.", nameof(isHidden));
        var hidden = Enumerable.Range(0, set.ItemIds.Length).Where(row => isHidden(set.ItemIds[row])).ToHashSet();
        // Terms are weighed by what is known at training.
        var terms = TermWeights.Of(set.ItemIds.Where((_, row) => !hidden.Contains(row)).Select(id => content.GetValueOrDefault(id) ?? new()), new());
        var vectors = Array.ConvertAll(set.ItemIds, id => terms.VectorOf(content.GetValueOrDefault(id) ?? new()));
        var rowOf = Enumerable.Range(0, vectors.Length).ToDictionary(row => set.ItemIds[row], row => vectors[row], StringComparer.Ordinal);
        var similar = new ContentPart(set.ItemIds, vectors, rowOf.GetValueOrDefault, reading with { ValuePower = 0 });
        var factors = new FactorPart(WithContentFactors(set, hidden, vectors, als, lambda, workers), set.ItemIds, reading with { ValuePower = 1 });
        var both = new Blend([similar, factors], new(new Dictionary<string, double> { [similar.Name] = 1, [factors.Name] = 1 }));
        double[] Recall(IScorePart part) => RecallOf(part, set, hidden, had, workers);
        double[] byContent = Recall(similar), byFactors = Recall(factors), byBoth = Recall(both), byChance = Recall(new RandomPart(set.ItemIds, seed));
        var measured = new NewItems(byContent.Length, hidden.Count, byContent.Average(), byFactors.Average(), byBoth.Average(), byChance.Average(), byContent, byBoth, byChance);
        if (sequence is null || !set.HasTimes)
            return measured;
        SequencePart next = WithContentEmbeddings(set, hidden, vectors, sequence, lambda, workers);
        var all = new Blend([similar, factors, next], new(new Dictionary<string, double> { [similar.Name] = 1, [factors.Name] = 1, [next.Name] = 1 }));
        return measured with { Sequence = Recall(next).Average(), All = Recall(all).Average() };
    }

    /// <summary>A trained sequence model whose hidden items have the embeddings that their content gives.</summary>
    private static SequencePart WithContentEmbeddings(OfflineSet set, HashSet<int> hidden, SparseVector[] vectors, SequenceOptions options, double lambda, int workers)
    {
        SequenceParameters trained = SequenceSets.Learn(set, options, workers);
        int width = options.Width;
        int[] known = [.. Enumerable.Range(0, set.ItemIds.Length).Where(row => !hidden.Contains(row))];
        var ridge = ContentFactors.Fit(
            Array.ConvertAll(known, row => vectors[row]), known.SelectMany(row => trained.Items.Slice(row * width, width).ToArray()).ToArray(), width, lambda, Array.ConvertAll(known, set.ByItem.CountOf));
        float[] values = [.. trained.Values];
        foreach (int row in hidden)
            ridge.Predict(vectors[row], values.AsSpan(trained.Layout.NetworkLength + row * width, width));
        return SequenceSets.PartOf(set, new(trained.Layout, values));
    }

    /// <summary>A trained model whose hidden items have the factors that their content gives.</summary>
    private static AlsModel WithContentFactors(OfflineSet set, HashSet<int> hidden, SparseVector[] vectors, AlsOptions als, double lambda, int workers)
    {
        var model = AlsTrainer.Train(als, set.UserIds, set.ItemIds, set.ByUser, set.ByItem, workers);
        int width = als.Width;
        int[] trained = [.. Enumerable.Range(0, set.ItemIds.Length).Where(row => !hidden.Contains(row))];
        float[] known = [.. trained.SelectMany(row => model.ItemFactors[(row * width)..((row + 1) * width)])], all = [.. model.ItemFactors];
        var ridge = ContentFactors.Fit(Array.ConvertAll(trained, row => vectors[row]), known, width, lambda, Array.ConvertAll(trained, set.ByItem.CountOf));
        foreach (int row in hidden)
            ridge.Predict(vectors[row], all.AsSpan(row * width, width));
        return model with { ItemFactors = all };
    }

    private static double[] RecallOf(IScorePart part, OfflineSet set, HashSet<int> hidden, HashSet<(string, string)> had, int workers)
    {
        int[] users = [.. set.TestUsers];
        var recall = new double[users.Length];
        PieceWork.Run(users.Length, workers, (at, _) =>
        {
            var scores = new float[set.ItemIds.Length];
            part.Score(part.Prepare(set.SignalsOf(users[at])), scores);
            var open = hidden.Where(row => !had.Contains((set.UserIds[users[at]], set.ItemIds[row]))).ToHashSet();
            int hits = OfflineLists.Best(scores, set, users[at], Length, open).Count(row => set.TestItemsOf(users[at]).BinarySearch(row) >= 0);
            recall[at] = (double)hits / set.HeldCountOf(users[at]);
        });
        return recall;
    }
}
