using System.Globalization;
using System.IO.Compression;

namespace OrleansRec.Model.Tests;

/// <summary>Popularity on the two reference splits, through the same metrics that models are judged by, against published figures.</summary>
public sealed class ReferenceDataTests
{
    /// <summary>The shared folder beside the repository, where there is one.</summary>
    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansRec.sln")))
                return Path.Combine(folder.FullName, "..", "shared", "data");
        }
        return null;
    }

    private static IEnumerable<Interaction> Read(string name)
    {
        string? folder = Folder();
        Assert.SkipUnless(folder is not null && File.Exists(Path.Combine(folder, name)), $"{name} is not in ../shared/data");
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder!, name)), CompressionMode.Decompress));
        lines.ReadLine();
        while (lines.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            long timeMs = cells.Length < 4 ? 0 : new DateTimeOffset(DateTime.Parse(cells[3], CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds();
            yield return new(cells[0], cells[1], float.Parse(cells[2], CultureInfo.InvariantCulture), timeMs);
        }
    }

    /// <summary>
    /// Ties go by first appearance here, as in the reference, so that its figures must come out to the last digit printed. The baseline proper breaks
    /// them by id; many items of Retail Rocket have equally many users, so that alone moves NDCG@10 there by 1 %.
    /// </summary>
    [Theory]
    [InlineData("online_retail", 4074, 0.0550, 0.0289), InlineData("retailrocket", 3410, 0.0309, 0.0131)]
    public void Popularity_OnTheReferenceSplit_HasTheReferenceQuality(string name, int users, double recall, double ndcg)
    {
        Interaction[] train = [.. Read($"{name}_train.csv.gz")];
        var seen = train.ToLookup(p => p.UserId, p => p.ItemId);
        string[] popular = [.. train.GroupBy(p => p.ItemId).OrderByDescending(g => g.Count()).Select(g => g.Key)];
        var baseline = new PopularityBaseline(train);
        RankingMetrics reference = new(popular.Length, 10, 20), byId = new(popular.Length, 10, 20);
        foreach (var user in Read($"{name}_test.csv.gz").GroupBy(p => p.UserId))
        {
            HashSet<string> known = [.. seen[user.Key]], test = [.. user.Select(p => p.ItemId)];
            reference.Add([.. popular.Where(id => !known.Contains(id)).Take(20)], test);
            byId.Add(baseline.Recommend(20, known), test);
        }
        Assert.Equal(users, reference.At(20).Users);
        Assert.Equal(recall, reference.At(20).Recall, 0.00005);
        Assert.Equal(ndcg, reference.At(10).Ndcg, 0.00005);
        Assert.InRange(byId.At(20).Recall / recall, 0.98, 1.02);
        Assert.InRange(byId.At(10).Ndcg / ndcg, 0.98, 1.02);
    }
}
