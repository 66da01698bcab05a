using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>A small shop with random interactions, and the factors that a training of it comes to in one process on one thread.</summary>
public sealed class PlantedShop
{
    public const int UserCount = 150, ItemCount = 70;

    private readonly Dictionary<(string User, string Item), float> r = [];

    public PlantedShop(int seed, int pairs = 1_500)
    {
        var random = new Random(seed);
        while (r.Count < pairs)
            r[($"user {random.Next(UserCount)}", $"item {(int)(ItemCount * random.NextDouble() * random.NextDouble())}")] = random.Next(1, 6);
    }

    public EventRecord[] Events =>
        [.. r.Select(p => new EventRecord(p.Key.User, p.Key.Item, "interaction", p.Value, 1_000, null, IdHash.Of($"{p.Key.User}/{p.Key.Item}")))];

    public TrainingPlan Plan(int rank = 64, int sweeps = 3, Objective objective = Objective.Implicit, RowSolver solver = RowSolver.Cholesky) =>
        TrainingPlan.From(new AlsOptions { Rank = rank, Sweeps = sweeps, Lambda = 2, Alpha = 3, Objective = objective, Solver = solver }, []);

    /// <summary>The reference: the whole training in model/, without shards.</summary>
    public AlsModel Train(TrainingPlan plan)
    {
        string[] users = [.. r.Keys.Select(k => k.User).Distinct().OrderBy(RowKey.Of)];
        string[] items = [.. r.Keys.Select(k => k.Item).Distinct().OrderBy(RowKey.Of)];
        return AlsTrainer.Train(plan.ToOptions(), users, items, Rows(users, items, (u, i) => (u, i)), Rows(items, users, (i, u) => (u, i)));
    }

    /// <summary>Records everything, in the order of a shuffle, in batches that go straight to the shards.</summary>
    public async Task Import(TenantGrains tenant, ShardMap map, int shuffleSeed)
    {
        EventRecord[] events = Events;
        new Random(shuffleSeed).Shuffle(events);
        foreach (EventRecord[] batch in events.Chunk(200))
            await Task.WhenAll(batch.GroupBy(e => map.OfUser(e.UserId)).Select(g => tenant.UserShard(g.Key).Append([.. g])));
    }

    private InteractionRows Rows(string[] rows, string[] columns, Func<string, string, (string, string)> key)
    {
        var starts = new List<int> { 0 };
        var at = new List<int>();
        var values = new List<float>();
        foreach (string row in rows)
        {
            for (int column = 0; column < columns.Length; column++)
                if (r.TryGetValue(key(row, columns[column]), out float value))
                {
                    at.Add(column);
                    values.Add(value);
                }
            starts.Add(at.Count);
        }
        return new([.. starts], [.. at], [.. values]);
    }
}
