using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Evaluation;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>What the demo shows: events to learn from, later ones to measure on, and a catalogue.</summary>
/// <param name="Train">Learned from.</param>
/// <param name="Later">Held out, then imported too: the lists know them without another training.</param>
/// <param name="TestPairs">The held-out pairs.</param>
/// <param name="Items">The catalogue; empty where the data have none.</param>
/// <param name="IsExplicit">Whether the values are ratings.</param>
internal sealed record DemoEvents(
    IReadOnlyList<EventRecord> Train, IReadOnlyList<EventRecord> Later, IReadOnlyList<Interaction> TestPairs, IReadOnlyList<ItemInput> Items,
    bool IsExplicit)
{
    /// <summary>Of each user's items, the share that is held out: the latest.</summary>
    private const double TestShare = 0.2;

    /// <summary>The demo holds its events in memory, so a file has at most this many; import has no such bound.</summary>
    private const int EventsMax = 5_000_000;

    /// <summary>A made-up shop.</summary>
    public static DemoEvents OfShop(int seed, TimeProvider time)
    {
        var shop = new SeededShop(new ShopOptions { EndMs = time.GetUtcNow().ToUnixTimeMilliseconds(), Seed = seed });
        var events = shop.Events().Select(e => new EventRecord(e.UserId, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey));
        return Split([.. events], [.. shop.Items.Select(ToInput)], isExplicit: false);
    }

    /// <summary>A file.</summary>
    public static async Task<DemoEvents> OfFile(ImportPlan plan, CommandOutput output, CancellationToken cancellation)
    {
        var sink = new CollectingSink(new DrySink());
        var report = await ImportCommand.Run(plan, sink, EventTypeRules.Default, null, output, cancellation);
        foreach (var (reason, count) in report.Rejected)
            output.Line($"left out {count.Count} lines: {reason} (first: line {count.FirstLine})");
        if (sink.Events.Count is 0 or > EventsMax)
            throw new BadInputException("data", plan.Path, $"must hold 1 to {EventsMax} good lines for the demo; got {sink.Events.Count}");
        return Split(sink.Events, [], sink.Events.TrueForAll(e => e.Type == EventTypeRules.Rating));
    }

    private static DemoEvents Split(IReadOnlyList<EventRecord> events, IReadOnlyList<ItemInput> items, bool isExplicit)
    {
        var parts = Model.Split.ByTimePerUser(Pairs.Of(events, isExplicit), TestShare);
        var held = parts.Test.Select(p => (p.UserId, p.ItemId)).ToHashSet();
        var byPart = events.ToLookup(e => held.Contains((e.UserId, e.ItemId)));
        return new([.. byPart[false]], [.. byPart[true]], parts.Test, items, isExplicit);
    }

    private static ItemInput ToInput(LoggedItem item) => new()
    {
        ItemId = item.ItemId, Title = item.Title, Categories = item.Categories, Price = item.Price, Stock = item.Stock, Visible = item.Visible,
        Attributes = item.Attributes.ToDictionary(a => a.Name, a => a.Value),
    };
}
