using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Hybrid;

/// <summary>A small shop with two tastes, and every kind of part over it.</summary>
internal static class PlantedShop
{
    public const int Users = 40, Items = 60;

    public static PlantedPairs Pairs { get; } = PlantedPairs.Random(Users, Items, 0.15, seed: 5);

    public static UserSignals Signals(int seed = 1, int count = 9)
    {
        var random = new Random(seed);
        return new(Pairs.ItemIds.OrderBy(_ => random.Next()).Take(count).Select((id, n) => new PastItem(id, random.Next(1, 5), n * HistoryReading.DayMs)), 20 * HistoryReading.DayMs, "u3", "north");
    }

    public static SparseVector[] Vectors()
    {
        ItemFeatures[] items = [.. Pairs.ItemIds.Select((id, n) => new ItemFeatures { Title = $"colour{n % 7} shape{n % 5} {id}", Price = 1 + n, Categories = [$"top{n % 3}/low{n % 6}"] })];
        var terms = TermWeights.Of(items, new());
        return Array.ConvertAll(items, terms.VectorOf);
    }

    /// <summary>Each part over all items, with a past that fades.</summary>
    public static IReadOnlyList<IScorePart> Parts()
    {
        var reading = new HistoryReading { ValuePower = 1, HalfLifeDays = 5 };
        var ids = Pairs.ItemIds;
        var vectors = Vectors();
        var options = new AlsOptions { Rank = 8, Lambda = 1, Sweeps = 3 };
        var model = AlsTrainer.Train(options, Pairs.UserIds, ids, Pairs.ByUser, Pairs.ByItem);
        double[] counts = [.. Enumerable.Range(0, Items).Select(n => (double)Pairs.ByItem.CountOf(n))];
        return
        [
            new FactorPart(model, ids, reading),
            new NeighbourBlock("item-item", ItemNeighbours.Build(Pairs.ByUser, ids, new() { NeighboursMax = 15 }, 0, Items), ids, ids, reading),
            new NeighbourBlock("ease", EaseNeighbours.Build(Pairs.ByUser, ids, new() { Lambda = 5 }), ids, ids, reading),
            new UserNeighbours(Pairs.ByUser, Pairs.UserIds, ids, new() { NeighboursMax = 10, ValuePower = 1 }, reading, 0.3),
            new ContentPart(ids, vectors, id => Array.IndexOf(ids, id) is >= 0 and var row ? vectors[row] : null, reading),
            new PopularityPart("popular", ids, counts, PopularityPart.ScaleOf(counts), new Dictionary<string, double[]> { ["north"] = [.. counts.Reverse()] }),
            new PopularityTimeline(ids, [.. Enumerable.Range(0, 200).Select(n => (n * 7 % Items, n * HistoryReading.DayMs / 10))], 3),
        ];
    }

    public static BlendWeights Weights { get; } = new(new Dictionary<string, double>
    {
        ["als"] = 1.5, ["item-item"] = 0.7, ["ease"] = -0.4, ["user-user"] = 0.3, ["content"] = 0.9, ["popular"] = 0.2, ["trending"] = 0.1,
    }, -2);
}
