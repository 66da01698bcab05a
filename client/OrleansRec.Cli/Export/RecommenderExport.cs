using OrleansRec.Api;

namespace OrleansRec.Cli.Export;

/// <summary>Writes everything of one kind that a recommender holds to a file, page by page. The columns have the names that an import looks for.</summary>
public static class RecommenderExport
{
    private static readonly ExportColumn[] EventColumns =
    [
        new("eventId", ExportKind.Text), new("userId", ExportKind.Text), new("itemId", ExportKind.Text), new("type", ExportKind.Text), new("value", ExportKind.Number),
        new("time", ExportKind.Time), new("sessionId", ExportKind.Text),
    ];

    private static readonly ExportColumn[] ItemColumns =
    [
        new("itemId", ExportKind.Text), new("title", ExportKind.Text), new("categories", ExportKind.Texts), new("price", ExportKind.Number), new("stock", ExportKind.Whole),
        new("visible", ExportKind.Truth), new("attributes", ExportKind.Map),
        new("kind", ExportKind.Text), new("brand", ExportKind.Text), new("rating", ExportKind.Number), new("tags", ExportKind.Texts), new("group", ExportKind.Text),
        new("from", ExportKind.Time), new("until", ExportKind.Time), new("text", ExportKind.Text), new("url", ExportKind.Text), new("imageUrl", ExportKind.Text), new("vectors", ExportKind.Map),
    ];

    private static readonly ExportColumn[] UserColumns =
        [new("userId", ExportKind.Text), new("events", ExportKind.Whole), new("items", ExportKind.Whole), new("historyVersion", ExportKind.Whole), new("lastTime", ExportKind.Time)];

    /// <summary>What there is to export.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["events", "items", "users"];

    /// <summary>Exports, and returns the number of rows.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="recommender">Whose.</param>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="format">jsonl, csv or parquet; null: as the name ends.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    public static async Task<long> Run(string kind, IRecommender recommender, string path, string? format, CancellationToken cancellationToken)
    {
        var columns = kind switch { "events" => EventColumns, "items" => ItemColumns, "users" => UserColumns, _ => throw new ArgumentException($"There is no export of {kind}.", nameof(kind)) };
        await using var file = await ExportFile.Begin(path, format, columns, cancellationToken);
        await (kind switch
        {
            "events" => Events(recommender, file, cancellationToken),
            "items" => Items(recommender, file, cancellationToken),
            _ => Users(recommender, file, cancellationToken),
        });
        await file.Finish(cancellationToken);
        return file.Rows;
    }

    // The API has no page of events, so each user's are asked for.
    private static Task Events(IRecommender recommender, ExportFile file, CancellationToken cancellationToken) => EachUser(recommender, async user =>
    {
        // A user may be erased while others are written.
        if (await recommender.ExportUserAsync(user.UserId, cancellationToken) is not { } export)
            return;
        foreach (var e in export.Events)
            await file.Write([e.EventId, export.UserId, e.ItemId, e.Type, e.Value, e.Time, e.SessionId], cancellationToken);
    }, cancellationToken);

    private static Task Users(IRecommender recommender, ExportFile file, CancellationToken cancellationToken) =>
        EachUser(recommender, user => file.Write([user.UserId, (long)user.Events, (long)user.Items, user.HistoryVersion, user.LastTime], cancellationToken), cancellationToken);

    private static async Task Items(IRecommender recommender, ExportFile file, CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var page = await recommender.ListItemsAsync(cursor, Paging.CountMax, cancellationToken);
            // Items known only from events have no record.
            foreach (var item in page.Items.Where(i => i.InCatalogue))
                await file.Write(RowOf(item), cancellationToken);
            if ((cursor = page.Next) is null)
                return;
        }
    }

    private static object?[] RowOf(ItemInfo item) =>
    [
        item.ItemId, item.Title, item.Categories, item.Price, item.Stock, item.Visible, item.Attributes,
        item.Kind, item.Brand, item.Rating, item.Tags, item.Group, item.From, item.Until, item.Text, item.Url, item.ImageUrl,
        item.Vectors.ToDictionary(v => v.Key, v => $"[{string.Join(',', v.Value.Select(n => n.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]"),
    ];

    private static async Task EachUser(IRecommender recommender, Func<UserEntry, Task> write, CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var page = await recommender.ListUsersAsync(cursor, Paging.CountMax, cancellationToken);
            foreach (var user in page.Users)
                await write(user);
            if ((cursor = page.Next) is null)
                return;
        }
    }
}
