using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Evaluation;

/// <summary>What a comparison is asked for.</summary>
public sealed record ComparisonPlan
{
    /// <summary>Factorisations to try, at least one.</summary>
    public required IReadOnlyList<AlsOptions> Als { get; init; }

    /// <summary>What is known of items by id; empty for nothing.</summary>
    public IReadOnlyDictionary<string, ItemFeatures> Content { get; init; } = new Dictionary<string, ItemFeatures>();

    /// <summary>Makes the inner split out of the training pairs: everything is chosen on it.</summary>
    public required Func<IReadOnlyList<Interaction>, SplitParts> InnerSplit { get; init; }

    /// <summary>Seeds of the factorisation, at least one; figures are their mean. Choices are made with the first.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>Trials of the search around the learned blend weights; below 4 the learned weights stay.</summary>
    public int BlendTrials { get; init; } = 40;

    /// <summary>Threads; no figure depends on it.</summary>
    public int Workers { get; init; } = 1;
}

/// <summary>Every model and the hybrid side by side on one split.</summary>
public sealed record Comparison
{
    /// <summary>Entries of a list that are calibrated.</summary>
    public const int CalibratedLength = 20;

    /// <summary>The name of the blend.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>Figures of each model, the hybrid and the floors (popular, random), means over seeds.</summary>
    public required IReadOnlyList<ModelFigures> Models { get; init; }

    /// <summary>How the parts were set.</summary>
    public required IReadOnlyList<PartChoice> Choices { get; init; }

    /// <summary>How weights were learned.</summary>
    public required LearnedBlend Learned { get; init; }

    /// <summary>The weights that were used, after the search.</summary>
    public required BlendWeights Weights { get; init; }

    /// <summary>Turns the hybrid's score into the probability that an entry of the first <see cref="CalibratedLength"/> is taken; fitted on the inner split.</summary>
    public required Sigmoid Sigmoid { get; init; }

    /// <summary>How well these probabilities hold on the test pairs.</summary>
    public required Reliability Reliability { get; init; }

    /// <summary>Pairs to train on and to test on, and users tested.</summary>
    public required (int Train, int Test, int Users, int Items) Size { get; init; }

    /// <summary>The model with the highest NDCG@10 on the test pairs beside the hybrid.</summary>
    public ModelFigures BestSingle => Models.Where(m => m.Model != Hybrid).MaxBy(m => m.Ndcg10Range.Mean)!;

    /// <summary>NDCG@10 of the hybrid above that of a model, by paired bootstrap over users.</summary>
    public Interval Above(ModelFigures other, int seed = 1) =>
        Bootstrap.OfDifference(Models.Single(m => m.Model == Hybrid).Ndcg10, other.Ndcg10, seed);

    /// <summary>Chooses on the inner split, fits on all training pairs, scores the test pairs once for each seed.</summary>
    /// <param name="parts">What to train on and to test on.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="told">Told what is being done; null for nobody.</param>
    /// <exception cref="ArgumentException">There is nothing to train or test on, or the inner split holds nothing out.</exception>
    public static Comparison Of(SplitParts parts, ComparisonPlan plan, Action<string>? told = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var outer = OfflineSet.Of(parts);
        var inner = OfflineSet.Of(plan.InnerSplit(parts.Train));
        if (!outer.TestUsers.Any() || !inner.TestUsers.Any())
            throw new ArgumentException("A comparison needs a user who is trained and tested on, in the split and in the inner split.", nameof(parts));
        var als = plan.Als.Select(o => o with { Seed = plan.Seeds[0] }).ToArray();
        var chosen = PartSearch.Choose(
            StandardFits.For(inner, plan.Content, als, plan.Workers), part => StandardFits.Readings(inner, part), inner, plan.Workers,
            c => told?.Invoke(FormattableString.Invariant($"{c.Fit.Part}: {c.Setting}: NDCG@10 {c.InnerNdcg:0.0000}")));
        IScorePart[] innerParts = [.. chosen.Select(c => c.Part)];
        var learned = BlendTraining.Learn(innerParts, inner, plan.Workers);
        var weights = Search(learned.Weights, innerParts, inner, plan);
        told?.Invoke($"weights: {BlendSearch.Text(weights)}");
        var innerSample = Calibration(new Blend(innerParts, weights), inner, plan.Workers);
        var sigmoid = Sigmoid.Fit(innerSample.Scores, innerSample.Taken);
        PartChoice[] choices = [.. chosen.Select(c => c.Choice)];
        var (figures, last) = Measure(choices, weights, outer, plan, told);
        var sample = Calibration(last, outer, plan.Workers);
        return new()
        {
            Models = figures, Choices = choices, Learned = learned, Weights = weights, Sigmoid = sigmoid,
            Reliability = Reliability.Of(Array.ConvertAll(sample.Scores, sigmoid.Of), sample.Taken),
            Size = (parts.Train.Count, parts.Test.Count, outer.TestUsers.Count(), outer.ItemIds.Length),
        };
    }

    private static BlendWeights Search(BlendWeights learned, IScorePart[] parts, OfflineSet inner, ComparisonPlan plan)
    {
        if (plan.BlendTrials < 4)
            return learned;
        int[] rungs = SuccessiveHalving.RungsOf(plan.BlendTrials);
        var candidates = BlendSearch.Candidates(learned, rungs[0], plan.Seeds[0]);
        var (best, value) = SuccessiveHalving.Run(
            candidates, BlendSearch.Text, rungs, (w, rung) => BlendSearch.Measure(w, parts, inner, rung, rungs.Length, plan.Workers), [], _ => { });
        return value > BlendSearch.Measure(learned, parts, inner, 0, 1, plan.Workers) ? best : learned;
    }

    private static (IReadOnlyList<ModelFigures> Figures, Blend Last) Measure(
        PartChoice[] choices, BlendWeights weights, OfflineSet outer, ComparisonPlan plan, Action<string>? told)
    {
        var bySeed = new List<ModelFigures[]>();
        IScorePart[] parts = [];
        Blend blend = null!;
        foreach (int seed in plan.Seeds)
        {
            // Only the factorisation has a seed: the others are fitted once.
            parts = parts.Length == 0 ? [.. choices.Select(c => c.On(outer))] : [.. parts.Select((part, n) => part is FactorPart ? Seeded(choices[n], seed, plan.Workers).On(outer) : part)];
            blend = new(parts, weights);
            ModelFigures[]? before = bySeed.Count == 0 ? null : bySeed[0];
            var figures = parts.Select((part, n) => before is not null && part is not FactorPart ? before[n] : ModelFigures.Of(part, choices[n].Setting, outer, workers: plan.Workers)).ToList();
            figures.Add(ModelFigures.Of(blend, BlendSearch.Text(weights), outer, workers: plan.Workers));
            figures.Add(before is not null ? before[^1] : ModelFigures.Of(new RandomPart(outer.ItemIds, seed), "by hash of user and item", outer, workers: plan.Workers));
            bySeed.Add([.. figures]);
            told?.Invoke($"seed {seed} measured");
        }
        return ([.. Enumerable.Range(0, bySeed[0].Length).Select(n => ModelFigures.Mean([.. bySeed.Select(f => f[n])]))], blend);
    }

    private static PartChoice Seeded(PartChoice choice, int seed, int workers) =>
        choice.Fit is FactorFit fit ? choice with { Fit = StandardFits.Factors(fit.Options with { Seed = seed }, workers) } : choice;

    /// <summary>Score and outcome of the first entries of every test user's list.</summary>
    private static (double[] Scores, bool[] Taken) Calibration(Blend blend, OfflineSet set, int workers) => Calibration(blend, set, [.. set.TestUsers], workers);

    /// <summary>Score and outcome of the first entries of some users' lists.</summary>
    internal static (double[] Scores, bool[] Taken) Calibration(Blend blend, OfflineSet set, int[] users, int workers)
    {
        var sample = new (double, bool)[users.Length][];
        PieceWork.Run(users.Length, workers, (at, _) =>
        {
            var scores = new float[set.ItemIds.Length];
            blend.Score(blend.Prepare(set.SignalsOf(users[at])), scores);
            int[] rows = OfflineLists.Best(scores, set, users[at], CalibratedLength);
            sample[at] = Array.ConvertAll(rows, row => ((double)scores[row], set.TestItemsOf(users[at]).BinarySearch(row) >= 0));
        });
        return ([.. sample.SelectMany(s => s.Select(e => e.Item1))], [.. sample.SelectMany(s => s.Select(e => e.Item2))]);
    }
}
