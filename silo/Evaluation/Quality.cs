using OrleansRec.Api;
using OrleansRec.Model;

namespace OrleansRec.Silo.Evaluation;

/// <summary>Measures the lists that the grains answer against held-out pairs.</summary>
internal sealed class Quality
{
    /// <summary>Lists are asked for up to this length.</summary>
    public const int ListLength = 100;

    /// <summary>Requests under way at once.</summary>
    private const int RequestsMax = 16;

    private readonly IRecommender _recommender;
    private readonly PopularityBaseline _popularity;
    private readonly Dictionary<string, int> _popularityRank;
    private readonly Dictionary<string, HashSet<string>> _trained;
    private readonly bool _withRatings, _typesExclude;

    /// <param name="recommender">Answers the lists.</param>
    /// <param name="train">What it was trained on, each pair once.</param>
    /// <param name="withRatings">Whether values are ratings to predict.</param>
    /// <param name="typesExclude">Whether the types of all events keep their items out of lists by themselves.</param>
    public Quality(IRecommender recommender, IReadOnlyList<Interaction> train, bool withRatings, bool typesExclude)
    {
        (_recommender, _withRatings, _typesExclude) = (recommender, withRatings, typesExclude);
        _popularity = new(train);
        _popularityRank = _popularity.Items.Select((id, rank) => (id, rank)).ToDictionary(p => p.id, p => p.rank);
        _trained = train.GroupBy(p => p.UserId).ToDictionary(g => g.Key, g => g.Select(p => p.ItemId).ToHashSet());
    }

    /// <summary>Asks for a list for every user of the test pairs.</summary>
    /// <param name="test">In the order of (user, item).</param>
    /// <param name="candidates">Where given, the figures are of these rankings, and those over the whole catalogue stand beside.</param>
    /// <param name="report">Told the share done.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<QualityFigures> Measure(
        IReadOnlyList<Interaction> test, IReadOnlyList<CandidateLine>? candidates, Action<double, string> report, CancellationToken cancellation)
    {
        int catalogueItems = _popularity.Items.Count;
        var (model, popular) = (QualityOf.None(catalogueItems, _withRatings), QualityOf.None(catalogueItems, _withRatings));
        Interaction[][] users = [.. test.GroupBy(p => p.UserId).Select(g => g.ToArray())];
        await Each(users, AskList, (pairs, list) =>
        {
            var held = pairs.Select(p => p.ItemId).ToHashSet();
            model.Ranking.Add(list, held);
            popular.Ranking.Add(_popularity.Recommend(ListLength, Trained(pairs[0].UserId)), held);
        }, report, cancellation);
        if (_withRatings)
            await Each(users, AskRatings, (pairs, predicted) => AddRatings(pairs, predicted, model, popular), report, cancellation);
        if (candidates is null)
            return new(model, popular, null);
        var (ranked, rankedPopular) = (QualityOf.None(catalogueItems, false) with { Ratings = model.Ratings }, QualityOf.None(catalogueItems, false) with { Ratings = popular.Ratings });
        await Each(candidates, AskRanking, (line, list) =>
        {
            ranked.Ranking.Add(list, new HashSet<string> { line.HeldOut });
            rankedPopular.Ranking.Add(ByPopularity(line.Items), new HashSet<string> { line.HeldOut });
        }, report, cancellation);
        return new(ranked, rankedPopular, model);
    }

    private HashSet<string> Trained(string userId) => _trained.GetValueOrDefault(userId, []);

    private async Task<string[]> AskList(Interaction[] pairs, CancellationToken cancellation)
    {
        string userId = pairs[0].UserId;
        // Types that do not exclude, such as views, must be left out all the same: the figures are of what the user has not had to do with yet.
        var list = await _recommender.RecommendAsync(userId, new() { K = ListLength, Exclude = _typesExclude ? null : [.. Trained(userId)] }, cancellation);
        return Array.ConvertAll(list.Items, i => i.ItemId);
    }

    private async Task<Dictionary<string, float>> AskRatings(Interaction[] pairs, CancellationToken cancellation)
    {
        var predicted = new Dictionary<string, float>();
        foreach (var chunk in pairs.Chunk(ListOptions.KMax))
        {
            var options = new ListOptions { K = chunk.Length, Candidates = [.. chunk.Select(p => p.ItemId)], IncludeSeen = true };
            var list = await _recommender.RecommendAsync(chunk[0].UserId, options, cancellation);
            foreach (var item in list.Items.Where(i => i.Source == "personal"))
                predicted[item.ItemId] = item.Score;
        }
        return predicted;
    }

    private async Task<string[]> AskRanking(CandidateLine line, CancellationToken cancellation)
    {
        var options = new ListOptions { K = line.Items.Length, Candidates = line.Items, IncludeSeen = true };
        var list = await _recommender.RecommendAsync(line.UserId, options, cancellation);
        string[] scored = Array.ConvertAll(list.Items, i => i.ItemId);
        // What the model does not know comes last, by id.
        return [.. scored, .. line.Items.Except(scored).Order(StringComparer.Ordinal)];
    }

    private string[] ByPopularity(string[] items) =>
        [.. items.OrderBy(id => _popularityRank.GetValueOrDefault(id, int.MaxValue)).ThenBy(id => id, StringComparer.Ordinal)];

    // An item or user without factors is predicted as the baseline does.
    private void AddRatings(Interaction[] pairs, Dictionary<string, float> predicted, QualityOf model, QualityOf popular)
    {
        foreach (var pair in pairs)
        {
            double mean = _popularity.PredictRating(pair.ItemId);
            model.Ratings!.Add(predicted.TryGetValue(pair.ItemId, out float rating) ? rating : mean, pair.Value);
            popular.Ratings!.Add(mean, pair.Value);
        }
    }

    // Answers are added in the order of the questions, so that the sums have the same bits in every run.
    private static async Task Each<TQuestion, TAnswer>(
        IReadOnlyList<TQuestion> questions, Func<TQuestion, CancellationToken, Task<TAnswer>> ask, Action<TQuestion, TAnswer> add,
        Action<double, string> report, CancellationToken cancellation)
    {
        var answers = new TAnswer[questions.Count];
        int done = 0;
        var bound = new ParallelOptions { MaxDegreeOfParallelism = RequestsMax, CancellationToken = cancellation };
        await Parallel.ForAsync(0, questions.Count, bound, async (i, stop) =>
        {
            answers[i] = await ask(questions[i], stop);
            int count = Interlocked.Increment(ref done);
            if (count % 64 == 0 || count == questions.Count)
                report((double)count / questions.Count, $"{count} lists");
        });
        for (int i = 0; i < questions.Count; i++)
            add(questions[i], answers[i]);
    }
}
