using System.Globalization;
using System.IO.Compression;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Content;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Tests.Companions;

/// <summary>The companion as a training builds it, on Online Retail: what it blends by itself is better than the factorisation on the test pairs, and its ridge map finds items that nobody has bought yet.</summary>
public sealed class ReferenceCompanionTests
{
    private static readonly AlsOptions _als = new() { Rank = 64, Lambda = 10, Alpha = 1, Sweeps = 10 };

    private static readonly int _workers = Math.Min(2, Environment.ProcessorCount);

    [Fact]
    public void Build_OnlineRetail_BlendIsAboveTheFactorisation_AlsoFromCandidates()
    {
        Interaction[] train = [.. Pairs("online_retail_train.csv.gz")];
        var set = OfflineSet.Of(new(train, [.. Pairs("online_retail_test.csv.gz")]));
        var (companion, factors, features) = Build(train);
        Assert.True(companion.Quality!.IsBetter, companion.Quality.ToString());
        var als = new FactorPart(factors, set.ItemIds, new() { ValuePower = 1 });
        var blend = new Blend([als, .. CompanionParts.Over(companion, set.ItemIds, set.ItemIds, features).All], companion.Weights);
        double alone = OfflineLists.Of(als, set, 10, _workers).Ndcg(set, 10).Average(), hybrid = OfflineLists.Of(blend, set, 10, _workers).Ndcg(set, 10).Average();
        double candidates = FromCandidates(blend, set).Ndcg(set, 10).Average();
        TestContext.Current.TestOutputHelper?.WriteLine($"NDCG@10 als {alone:0.0000}, hybrid {hybrid:0.0000}, of candidates {candidates:0.0000}; {companion.Quality}; {BlendSearch.Text(companion.Weights)}; {companion.Sigmoid}");
        Assert.InRange(hybrid / alone, 1.05, 2);
        Assert.InRange(candidates / hybrid, 0.99, 1.01);
    }

    [Fact]
    public void Ridge_OnlineRetail_FindsItemsThatNobodyHasBought()
    {
        bool IsHidden(string id) => IdHash.Of(id) % 10 == 0;
        Interaction[] train = [.. Pairs("online_retail_train.csv.gz")];
        var (companion, factors, _) = Build([.. train.Where(p => !IsHidden(p.ItemId))], new() { LearnUsersMin = int.MaxValue });
        var titles = Titles();
        string[] hidden = [.. train.Select(p => p.ItemId).Where(IsHidden).Distinct().Order(StringComparer.Ordinal)];
        var rows = new float[hidden.Length * _als.Width];
        for (int n = 0; n < hidden.Length; n++)
            companion.Ridge!.Predict(companion.Terms.VectorOf(titles.GetValueOrDefault(hidden[n]) ?? new()), rows.AsSpan(n * _als.Width, _als.Width));
        var seen = train.Where(p => !IsHidden(p.ItemId)).ToLookup(p => p.UserId);
        var had = train.Where(p => IsHidden(p.ItemId)).Select(p => (p.UserId, p.ItemId)).ToHashSet();
        var part = new FactorPart(factors, [.. train.Select(p => p.ItemId).Where(id => !IsHidden(id)).Distinct().OrderBy(RowKey.Of)], new() { ValuePower = 1 });
        double found = 0, chance = 0;
        int users = 0;
        foreach (var user in Pairs("online_retail_test.csv.gz").GroupBy(p => p.UserId).Where(g => seen.Contains(g.Key) && g.Any(p => IsHidden(p.ItemId))))
        {
            string[] held = [.. user.Select(p => p.ItemId)];
            float[] x = ((FactorQuery)part.Prepare(new(seen[user.Key].Select(p => new PastItem(p.ItemId, p.Value, p.TimeMs))))).Query;
            int[] open = [.. Enumerable.Range(0, hidden.Length).Where(n => !had.Contains((user.Key, hidden[n])))];
            double Recall(Func<int, double> score) => open.OrderByDescending(score).Take(20).Count(n => held.Contains(hidden[n])) / (double)held.Length;
            found += Recall(n => System.Numerics.Tensors.TensorPrimitives.Dot<float>(x, rows.AsSpan(n * _als.Width, _als.Width)));
            chance += Recall(n => (double)(IdHash.Of(user.Key + hidden[n]) >> 11));
            users++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"recall@20 of {hidden.Length} hidden items, {users} users: {found / users:0.0000}; a random order {chance / users:0.0000}");
        Assert.True(found > 3 * chance, $"{found / users} is not 3 times {chance / users}");
    }

    [Fact]
    public void Reasons_ThousandUsersOfOnlineRetail_SumToTheScores()
    {
        Interaction[] train = [.. Pairs("online_retail_train.csv.gz")];
        var set = OfflineSet.Of(new(train, [.. Pairs("online_retail_test.csv.gz")]));
        var (companion, factors, features) = Build(train);
        ISparsePart[] parts = [new FactorPart(factors, set.ItemIds, new() { ValuePower = 1 }), .. CompanionParts.Over(companion, set.ItemIds, set.ItemIds, features).All];
        int[] users = [.. set.TestUsers.OrderBy(u => RowKey.Of($"user {u}")).Take(1_000)];
        Assert.Equal(1_000, users.Length);
        double worst = 0;
        int split = 0;
        foreach (int user in users)
        {
            UserSignals signals = set.SignalsOf(user);
            (double off, int entries) = ReasonCheck.Worst(parts, companion.Weights, signals, set.ItemIds, k: 5);
            (worst, split) = (Math.Max(worst, off), split + entries);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{split} entries of {users.Length} users: at worst {worst:0.0E0} of the sum of absolute amounts");
        Assert.Equal(5_000, split);
        Assert.InRange(worst, 0, 1e-4);
    }

    private static OfflineLists FromCandidates(Blend blend, OfflineSet set)
    {
        int[] users = [.. set.TestUsers];
        return new("hybrid", users, Array.ConvertAll(users, user =>
        {
            var excluded = new ulong[(set.ItemIds.Length + 63) / 64];
            foreach (int row in set.ByUser.Columns(user))
                excluded[row >> 6] |= 1UL << row;
            var best = new ScoredRow[10];
            int count = blend.BestOfCandidates(blend.Prepare(set.SignalsOf(user)), 100, excluded, best);
            return Array.ConvertAll(best[..count], b => b.Row);
        }));
    }

    private static (ModelCompanion Companion, AlsModel Factors, ItemFeatures?[] Features) Build(Interaction[] train, CompanionOptions? options = null)
    {
        string[] ids = [.. train.Select(p => p.ItemId).Distinct().OrderBy(RowKey.Of)];
        var builder = new ShopHistories.Builder(ids, 1_000_000);
        foreach (var user in train.GroupBy(p => p.UserId).OrderBy(g => RowKey.Of(g.Key)))
        {
            builder.BeginUser(user.Key);
            foreach (var pair in user.OrderBy(p => p.TimeMs).ThenBy(p => p.ItemId, StringComparer.Ordinal))
                builder.Add(pair.ItemId, pair.Value, pair.TimeMs, null, true, true);
        }
        var histories = builder.Build();
        var pairs = HistoryPairs.Of(histories, _als.EffectivePairValue, true, default);
        var model = AlsTrainer.Train(_als, pairs.UserIds, ids, pairs.ByUser, pairs.ByItem(ids.Length), _workers);
        var titles = Titles();
        ItemFeatures?[] features = Array.ConvertAll(ids, titles.GetValueOrDefault);
        return (CompanionBuilder.Build(new()
        {
            Version = 1, Als = _als, ItemFactors = model.ItemFactors, Gram = model.Gram, Histories = histories, Features = features, AtMs = train.Max(p => p.TimeMs) + 1, Options = options ?? new() { LearnUsersMax = 1_000 },
        }, _workers), model, features);
    }

    private static IEnumerable<Interaction> Pairs(string name) => Lines(name).Select(cells => new Interaction(
        cells[0], cells[1], float.Parse(cells[2], CultureInfo.InvariantCulture), new DateTimeOffset(DateTime.Parse(cells[3], CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds()));

    /// <summary>The most frequent description of each item; of equally frequent ones the first.</summary>
    private static Dictionary<string, ItemFeatures> Titles() => Lines("online_retail.csv.gz").Where(c => c[2].Length > 0).GroupBy(c => c[1]).ToDictionary(
        g => g.Key, g => new ItemFeatures { Title = g.CountBy(c => c[2]).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).First().Key }, StringComparer.Ordinal);

    private static IEnumerable<List<string>> Lines(string name)
    {
        string? folder = Folder();
        Assert.SkipUnless(folder is not null && File.Exists(Path.Combine(folder, name)), $"{name} is not in ../shared/data");
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder!, name)), CompressionMode.Decompress));
        lines.ReadLine();
        while (lines.ReadLine() is { } line)
            yield return Cells(line);
    }

    private static List<string> Cells(string line)
    {
        var cells = new List<string> { "" };
        bool isQuoted = false;
        foreach (char c in line)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (c == ',' && !isQuoted)
                cells.Add("");
            else
                cells[^1] += c;
        }
        return cells;
    }

    /// <summary>The shared folder beside the repository, where there is one.</summary>
    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansRec.sln")))
                return Path.Combine(folder.FullName, "..", "shared", "data");
        return null;
    }
}
