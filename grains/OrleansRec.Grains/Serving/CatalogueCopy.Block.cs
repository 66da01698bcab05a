using OrleansRec.Contracts;
using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Grains.Serving;

/// <summary>The catalogue as columns, for lists with rules. Nothing is built before the first of them.</summary>
public sealed partial class CatalogueCopy
{
    /// <summary>How old the order of the popular rung may be: counts change with every event.</summary>
    public static readonly TimeSpan LadderAgeMax = TimeSpan.FromSeconds(5);

    private readonly Lock blockGate = new();
    private readonly PredicateCache predicates = new();
    private readonly HashSet<CatalogueItem> changed = [];
    private volatile ShopBlock? block;
    private long ladderAt;
    private volatile bool isLadderWhole;

    /// <summary>The items under a model as they are now.</summary>
    public ShopBlock Block(PublishedModel? model)
    {
        if (block is { } kept && kept.Model == model && kept.CatalogueVersion == Version && IsLadderFresh)
            return kept;
        lock (blockGate)
        {
            gate.EnterReadLock();
            try
            {
                ShopBlock next = block is { } known && known.Model == model ? Follow(known) : Build(model);
                changed.Clear();
                return block = next;
            }
            finally
            {
                gate.ExitReadLock();
            }
        }
    }

    /// <summary>Notes a change for the block; within the write lock.</summary>
    private void NoteForBlock(CatalogueItem item)
    {
        if (block is not null)
            changed.Add(item);
    }

    private ShopBlock Build(PublishedModel? model)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        int first = model?.ItemCount ?? 0;
        foreach (CatalogueItem item in all)
            if (model is null || model.RowOf(item.ItemId) < 0)
                rows.Add(item.ItemId, first + rows.Count);
        string[] ids = model is null ? [.. rows.Keys] : [.. model.Ids, .. rows.Keys];
        return Made(model, ItemColumns.Of(ids.Select(id => Find(id) is { } item ? FactsOf(item) : new Model.Items.ItemFacts(id))), ids, rows);
    }

    private ShopBlock Follow(ShopBlock known)
    {
        ItemColumns columns = known.Columns;
        Dictionary<string, int> rows = known.RowsBeside;
        var added = new List<string>();
        foreach (CatalogueItem item in changed)
        {
            int row = known.Model?.RowOf(item.ItemId) is >= 0 and int of ? of : rows.GetValueOrDefault(item.ItemId, -1);
            if (row < 0)
            {
                row = columns.Count;
                rows = rows == known.RowsBeside ? new(rows, StringComparer.Ordinal) : rows;
                rows.Add(item.ItemId, row);
                added.Add(item.ItemId);
            }
            columns = columns.With(row, FactsOf(item));
        }
        return Made(known.Model, columns, added.Count == 0 ? known.Ids : [.. known.Ids, .. added], rows);
    }

    private ShopBlock Made(PublishedModel? model, ItemColumns columns, string[] ids, Dictionary<string, int> rows)
    {
        bool isLadderKept = block is { } known && known.Model == model && known.Ids == ids && IsLadderFresh;
        return new(model, columns, ids, rows, version, isLadderKept ? block!.Ladder : LadderOf(ids, model), predicates);
    }

    /// <summary>Counts change with every event; those that were not whole are replaced as soon as they are.</summary>
    private bool IsLadderFresh => (isLadderWhole || !IsCounted) && time.GetElapsedTime(Volatile.Read(ref ladderAt)) < LadderAgeMax;

    /// <summary>The rungs: by users, then the latest of those without any, then all by id.</summary>
    private Dictionary<string, int[]> LadderOf(string[] ids, PublishedModel? model)
    {
        Volatile.Write(ref ladderAt, time.GetTimestamp());
        isLadderWhole = IsCounted;
        CountFloor? floor = FloorOf(model);
        var users = new long[ids.Length];
        var from = new long[ids.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            CatalogueItem? item = Find(ids[row]);
            users[row] = Math.Max(item?.Users ?? 0, floor?.UsersOf(ids[row]) ?? 0);
            from[row] = item is { IsInCatalogue: true } ? item.Details.FromMs ?? 0 : -1;
        }
        int[] byId = OrderOf(ids);
        return new(StringComparer.Ordinal)
        {
            [LadderRungs.Popular] = [.. byId.Where(row => users[row] > 0).OrderByDescending(row => users[row])],
            [LadderRungs.New] = [.. byId.Where(row => users[row] == 0 && from[row] >= 0).OrderByDescending(row => from[row])],
            [LadderRungs.Any] = byId,
        };
    }

    /// <summary>The rows in the order of their ids, which counts do not change.</summary>
    private int[] OrderOf(string[] ids)
    {
        if (block is { } known && known.Ids == ids)
            return known.Ladder[LadderRungs.Any];
        int[] byId = [.. Enumerable.Range(0, ids.Length)];
        Array.Sort(byId, (a, b) => string.CompareOrdinal(ids[a], ids[b]));
        return byId;
    }

    private static Model.Items.ItemFacts FactsOf(CatalogueItem item)
    {
        var facts = new Model.Items.ItemFacts(item.ItemId).Set("visible", !item.IsInvisible);
        ItemDetails details = item.Details;
        if (item.IsInCatalogue)
            facts.Set("kind", ItemKinds.NameOf(details.Kind));
        if (item.Title is { } title)
            facts.Set("title", title);
        if (item.CategoryNames.Length > 0)
            facts.Set("categories", item.CategoryNames);
        if (details.Brand is { } brand)
            facts.Set("brand", brand);
        if (double.IsFinite(item.Price))
            facts.Set("price", item.Price);
        if (item.Stock != CatalogueItem.StockUnknown)
            facts.Set("stock", (double)item.Stock);
        if (details.Rating is { } rating)
            facts.Set("rating", rating);
        if (details.Tags.Length > 0)
            facts.Set("tags", details.Tags);
        if (details.Group is { } group)
            facts.Set("group", group);
        if (details.FromMs is { } from)
            facts.SetTime("from", from);
        if (details.UntilMs is { } until)
            facts.SetTime("until", until);
        foreach (ItemAttribute attribute in item.Attributes)
            if (attribute.Name.Length > 0)
                facts.SetAttribute(attribute.Name, attribute.Value);
        return facts;
    }

    /// <summary>Fields of items that they have, item by item.</summary>
    public EntryField[][] FieldsOf(string[] itemIds, string[] fields)
    {
        gate.EnterReadLock();
        try
        {
            return Array.ConvertAll(itemIds, id => Find(id) is { } item ? [.. fields.Select(f => new EntryField(f, FieldOf(item, f)!)).Where(f => f.Json is not null)] : Array.Empty<EntryField>());
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>Titles of those items that have one.</summary>
    public Dictionary<string, string> TitlesOf(IEnumerable<string> itemIds)
    {
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        gate.EnterReadLock();
        try
        {
            foreach (string id in itemIds)
                if (Find(id)?.Title is { } title)
                    titles[id] = title;
            return titles;
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    private static string? FieldOf(CatalogueItem item, string field) => field switch
    {
        "title" => Json(item.Title), "kind" => Json(ItemKinds.NameOf(item.Details.Kind)), "brand" => Json(item.Details.Brand), "group" => Json(item.Details.Group),
        "url" => Json(item.Details.Url), "imageUrl" => Json(item.Details.ImageUrl), "rating" => Json(item.Details.Rating),
        "price" => Json(double.IsNaN(item.Price) ? null : item.Price), "stock" => Json(item.Stock == CatalogueItem.StockUnknown ? null : (double)item.Stock),
        "categories" => item.CategoryNames.Length == 0 ? null : $"[{string.Join(',', item.CategoryNames.Select(Json))}]",
        "tags" => item.Details.Tags.Length == 0 ? null : $"[{string.Join(',', item.Details.Tags.Select(Json))}]",
        _ => Array.Find(item.Attributes, a => "attributes." + a.Name == field).Value is { } value ? Json(value) : null,
    };

    private static string? Json(string? text) => text is null ? null : $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

    private static string? Json(double? number) => number?.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
