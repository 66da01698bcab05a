using System.Globalization;
using OrleansRec.Model;

namespace OrleansRec.Bench.Ingest;

/// <summary>Seeded events of a shop: popular items come often, sessions advance in time. The same seed gives the same file.</summary>
internal static class EventSample
{
    public const int UserCount = 50_000;
    public const int ItemCount = 10_000;

    private const long StartMs = 1_735_689_600_000;

    private static readonly string[] types = ["view", "view", "view", "view", "view", "view", "cart", "purchase"];

    public static IEnumerable<LoggedEvent> Events(int count)
    {
        var random = new Random(1);
        for (int n = 0; n < count; n++)
        {
            string user = string.Create(CultureInfo.InvariantCulture, $"user-{random.Next(UserCount)}");
            string item = string.Create(CultureInfo.InvariantCulture, $"item-{(int)(ItemCount * Math.Pow(random.NextDouble(), 3))}");
            yield return new(user, item, types[random.Next(types.Length)], 1, StartMs + n * 250L, null, (ulong)random.NextInt64());
        }
    }

    public static void WriteCsv(string path, int count)
    {
        using var file = new StreamWriter(path);
        file.WriteLine("user,item,type,time");
        foreach (var e in Events(count))
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.UserId},{e.ItemId},{e.Type},{e.TimeMs}"));
    }
}
