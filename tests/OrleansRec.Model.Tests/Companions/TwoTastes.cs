using OrleansRec.Model.Companions;
using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Companions;

/// <summary>A shop whose users each like one of two kinds of items, and buy items n and n + 1 of their kind in one basket; the last day everybody looks at item i0.</summary>
internal static class TwoTastes
{
    public const int Users = 240, Items = 40;

    public const long Start = 20_000 * HistoryReading.DayMs;

    public static readonly AlsOptions Als = new() { Rank = 8, Lambda = 1, Sweeps = 4 };

    /// <summary>Ids in the order of rows: i0 … i39, even numbers of one kind, odd ones of the other.</summary>
    public static string[] ItemIds { get; } = [.. Enumerable.Range(0, Items).Select(n => RowKey.Of("i" + n)).Order().Select(k => k.Id)];

    public static string[] UserIds { get; } = [.. Enumerable.Range(0, Users).Select(n => RowKey.Of("u" + n)).Order().Select(k => k.Id)];

    public static long AtMs => Start + 40 * HistoryReading.DayMs;

    public static int NumberOf(string id) => int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    public static int Row(int item) => Array.IndexOf(ItemIds, "i" + item);

    /// <summary>What is known of the items: the words say the kind.</summary>
    public static ItemFeatures?[] Features(Func<string, bool>? isKnown = null) => Array.ConvertAll(ItemIds, id => isKnown?.Invoke(id) == false ? null : Described(id, NumberOf(id) % 2));

    public static ItemFeatures Described(string id, int kind) => new() { Title = $"{(kind == 0 ? "garden shovel" : "kitchen spoon")} {id}", Categories = [kind == 0 ? "garden" : "kitchen"] };

    /// <summary>The histories, delivered user by user.</summary>
    public static ShopHistories Histories(int eventsMax = 1_000_000)
    {
        var builder = new ShopHistories.Builder(ItemIds, eventsMax);
        foreach (string user in UserIds)
        {
            builder.BeginUser(user);
            foreach (var (item, day, session) in VisitsOf(user))
                builder.Add("i" + item, 1, Start + day * HistoryReading.DayMs + 1, session, true, session is not null);
        }
        return builder.Build();
    }

    /// <summary>Items, days and baskets of a user, in the order of arrival: three baskets of a pair, and one look at i0 on the last day.</summary>
    public static IEnumerable<(int Item, int Day, string? Session)> VisitsOf(string user)
    {
        int kind = NumberOf(user) % 2;
        int[] pairs = [.. Enumerable.Range(0, Items / 4).OrderBy(n => IdHash.Of($"{user}/{n}")).Take(3)];
        for (int n = 0; n < pairs.Length; n++)
        {
            yield return (4 * pairs[n] + kind, 10 * n, "s" + n);
            yield return (4 * pairs[n] + kind + 2, 10 * n, "s" + n);
        }
        if (NumberOf(user) % 5 == 0)
            yield return (0, 40, null);
    }

    public static CompanionSource Source(double heldOutShare = 0, Func<string, bool>? isKnown = null, CompanionOptions? options = null, ShopHistories? histories = null)
    {
        histories ??= Histories();
        var pairs = HistoryPairs.Of(histories, Als.EffectivePairValue, true, new(NewestShare: heldOutShare));
        var model = AlsTrainer.Train(Als, pairs.UserIds, ItemIds, pairs.ByUser, pairs.ByItem(Items));
        return new()
        {
            Version = 7, Attempt = 2, Als = Als, ItemFactors = model.ItemFactors, Gram = model.Gram, HeldOutShare = heldOutShare, Histories = histories,
            Features = Features(isKnown), AtMs = AtMs, Options = options ?? new() { LearnUsersMin = 20 },
        };
    }

    public static UserSignals Signals(params int[] items) =>
        new(items.Select((item, n) => new PastItem("i" + item, 1, Start + n * HistoryReading.DayMs)), AtMs, "somebody");
}
