using MathNet.Numerics.LinearAlgebra;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: the list in the answer to an event is the exact one for the history with that event, under the one model version that it names, also while versions
/// come and go. Method: 1,000 users with random histories; every list is compared with MathNet's double-precision solve of that user alone against the
/// published factors, and with a sort of the whole catalogue.
/// </summary>
public class FreshListTests
{
    private const int UserCount = 1_000, ItemCount = 300, Rank = 64, K = 50;

    /// <summary>The stated bound; a float row of 64 factors solved with refinement keeps well below it.</summary>
    private const double Tolerance = 1e-4;

    private static readonly string[] Types = ["view", "cart", "purchase"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void RecordThenRecommend_RandomUsers_EqualsTheDoublePrecisionSolve(int seed, bool publishesMeanwhile) => GrainCluster.Run((ulong)seed, async cluster =>
    {
        PlantedModel[] models = [.. new[] { 1, 2 }.Select(v => Planted.Model(v, Planted.Ids("item ", ItemCount), cluster.Map, Rank))];
        foreach (PlantedModel model in models)
            await model.Publish(cluster);
        Dictionary<long, ReferenceSolve> references = models.ToDictionary(m => m.Info.Version, m => new ReferenceSolve(m));
        await cluster.Models.Promote(1);
        var end = new CancellationTokenSource();
        Task publishing = publishesMeanwhile ? MovePointer(cluster, end.Token) : Task.CompletedTask;

        var seen = new HashSet<long>();
        foreach (int[] group in Enumerable.Range(0, UserCount).Chunk(20))
            foreach (RecordedList answer in await Task.WhenAll(group.Select(user => Check(cluster, references, user, new Random(seed * 10_000 + user)))))
                seen.Add(answer.List.ModelVersion);
        await end.CancelAsync();
        await publishing;

        Assert.Equal(publishesMeanwhile ? [1L, 2L] : [1L], seen.Order());
    });

    private static async Task<RecordedList> Check(GrainCluster cluster, Dictionary<long, ReferenceSolve> references, int number, Random random)
    {
        string user = $"user {number}";
        EventRecord[] past = RandomEvents(user, random.Next(1, 40), random), fresh = RandomEvents(user, random.Next(1, 4), random);
        AppendAnswer before = await cluster.User(user).Record(past);
        Assert.Equal(past.Length, before.HistoryVersion);

        // One of the past goes along again: a duplicate counts for nothing.
        RecordedList answer = await cluster.User(user).RecordThenRecommend([.. fresh, past[0]], new RecommendRequest { K = K });

        Assert.Equal((fresh.Length, 1), (answer.Answer.Accepted, answer.Answer.Duplicates));
        Assert.Equal(before.HistoryVersion + fresh.Length, answer.Answer.HistoryVersion);
        Assert.Equal(answer.Answer.HistoryVersion, answer.List.HistoryVersion);
        CompareWithSolve(answer.List, references[answer.List.ModelVersion], [.. past, .. fresh]);
        return answer;
    }

    private static void CompareWithSolve(RecommendationList list, ReferenceSolve reference, EventRecord[] history)
    {
        var excluded = history.Where(e => e.Type == "purchase").Select(e => e.ItemId).ToHashSet();
        Dictionary<string, double> scores = reference.Solve(history);
        string[] best = [.. scores.Where(s => !excluded.Contains(s.Key)).OrderByDescending(s => s.Value).Take(K).Select(s => s.Key)];

        Assert.Equal(best.Length, list.Items.Length);
        for (int i = 0; i < best.Length; i++)
        {
            RecommendedItem item = list.Items[i];
            Assert.DoesNotContain(item.ItemId, excluded);
            Assert.Equal((i + 1, RecommendationSource.Personal), (item.Rank, item.Source));
            double expected = scores[item.ItemId];
            Assert.True(Math.Abs(item.Score - expected) <= Tolerance * Math.Abs(expected), $"{item.ItemId}: {item.Score}, expected {expected}");
            // Another item may stand at this place only where the two scores cannot be told apart.
            Assert.True(item.ItemId == best[i] || Math.Abs(expected - scores[best[i]]) <= Tolerance * Math.Abs(expected), $"place {i}");
        }
    }

    private static float Weight(string type) => EventTypeRules.Default.TryGet(type, out EventTypeRule? rule) ? rule.Weight : throw new ArgumentException(type);

    private static EventRecord[] RandomEvents(string user, int count, Random random) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Planted.Event(
            user, $"item {random.Next(ItemCount)}", Types[random.Next(Types.Length)], random.Next(1, 4), id: $"{random.NextInt64()}")),
    ];

    private static async Task MovePointer(GrainCluster cluster, CancellationToken end)
    {
        for (long version = 2; !end.IsCancellationRequested; version = 3 - version)
        {
            await cluster.Models.Promote(version);
            await Task.Delay(TimeSpan.FromMilliseconds(7), cluster.Clock);
        }
    }

    /// <summary>The reference for one model: what all users share is summed once.</summary>
    private sealed class ReferenceSolve
    {
        private readonly AlsOptions options;
        private readonly Dictionary<string, Vector<double>> factors;
        private readonly Matrix<double> shared = Matrix<double>.Build.DenseIdentity(Rank);

        public ReferenceSolve(PlantedModel model)
        {
            options = model.Info.Plan.ToOptions();
            factors = model.Ids.ToDictionary(id => id, id => Vector<double>.Build.Dense(Rank, i => model.Row(id)[i]));
            shared *= options.Lambda;
            foreach (Vector<double> y in factors.Values)
                shared += y.OuterProduct(y);
        }

        public Dictionary<string, double> Solve(EventRecord[] history)
        {
            Matrix<double> a = shared.Clone();
            Vector<double> b = Vector<double>.Build.Dense(Rank);
            foreach (var pair in history.GroupBy(e => e.ItemId))
            {
                double c = options.Alpha * pair.Sum(e => Weight(e.Type) * e.Value);
                Vector<double> y = factors[pair.Key];
                a += y.OuterProduct(y) * (c - 1);
                b += y * c;
            }
            Vector<double> x = a.Cholesky().Solve(b);
            return factors.ToDictionary(f => f.Key, f => f.Value.DotProduct(x));
        }
    }
}
