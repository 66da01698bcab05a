namespace OrleansRec.Model.Items;

/// <summary>A block of items as columns, which rules read: row r of every column is one item. Immutable; safe for any number of readers.</summary>
/// <remarks>
/// Columns lie in chunks of <see cref="ChunkRows"/> rows. A version in which one item is another shares every chunk but one with the version before, and of that chunk every
/// column that does not change: it costs about 8 KB for each changed column and 8 bytes for each chunk and column. Cached bitmaps are computed anew for that chunk alone.
/// Texts of labels are kept once, and let go of when more than <see cref="SpareTexts"/> and half of all belong to no item any more.
/// Worked example, three items: price [9.5, –, 20] with presence 101, brand codes [0, 1, 0] with texts ["Acme", "Bolt"].
/// </remarks>
public sealed class ItemColumns
{
    /// <summary>Rows of a chunk.</summary>
    public const int ChunkRows = 1024;

    /// <summary>Names of attributes that have a column, at most; a further one is missing for every item.</summary>
    public const int AttributesMax = 1000;

    /// <summary>Texts that may lie unused before the columns are built anew.</summary>
    public const int SpareTexts = 65_536;

    private readonly ItemChunk[] _chunks;
    private readonly long _builtTexts;

    private ItemColumns(ColumnTable table, ItemChunk[] chunks, long version, long builtTexts)
    {
        (Table, _chunks, Version, _builtTexts) = (table, chunks, version, builtTexts);
        Count = chunks.Length == 0 ? 0 : (chunks.Length - 1) * ChunkRows + chunks[^1].Count;
    }

    /// <summary>How many items there are.</summary>
    public int Count { get; }

    /// <summary>Counts up with every change.</summary>
    public long Version { get; }

    /// <summary>The fields that every item may have.</summary>
    public ItemFields Fields => Table.Fields;

    /// <summary>Names of the attributes that some item has had, in no order.</summary>
    public IEnumerable<string> AttributeNames => Table.Attributes;

    internal ColumnTable Table { get; }

    internal ReadOnlySpan<ItemChunk> Chunks => _chunks;

    /// <summary>Columns of items, in their order.</summary>
    /// <param name="items">The items; all with the same fields.</param>
    /// <param name="fields">The fields; by default those of the catalogue.</param>
    /// <exception cref="ArgumentException">An item has other fields.</exception>
    public static ItemColumns Of(IEnumerable<ItemFacts> items, ItemFields? fields = null) => Of(items, fields ?? ItemFields.Catalogue, 0);

    /// <summary>The columns with another item in a row, or with one more behind the last.</summary>
    /// <param name="row">0 … <see cref="Count"/>.</param>
    /// <param name="facts">The item.</param>
    /// <exception cref="ArgumentException">There is no such row, or the item has other fields.</exception>
    public ItemColumns With(int row, ItemFacts facts)
    {
        if ((uint)row > (uint)Count)
            throw new ArgumentException($"Rows are 0 … {Count}; got {row}.", nameof(row));
        RequireFields(facts, Fields);
        int chunk = row / ChunkRows;
        ItemChunk[] chunks = chunk < _chunks.Length ? [.. _chunks] : [.. _chunks, new(Table, new ColumnChunk?[Table.Count], 0)];
        chunks[chunk] = chunks[chunk].With(row % ChunkRows, facts);
        var changed = new ItemColumns(Table, chunks, Version + 1, _builtTexts);
        long added = Table.TextCount() - _builtTexts;
        return added > SpareTexts && added > _builtTexts ? Of(Enumerable.Range(0, changed.Count).Select(changed.FactsAt), Fields, changed.Version) : changed;
    }

    /// <summary>The id of an item.</summary>
    /// <param name="row">0 … <see cref="Count"/> − 1.</param>
    public string IdAt(int row) => ((TextChunk)ChunkOf(row).Column(Table.Fields.IndexOf("id"))!).Texts[row % ChunkRows]!;

    /// <summary>What is known of an item.</summary>
    /// <param name="row">0 … <see cref="Count"/> − 1.</param>
    public ItemFacts FactsAt(int row) => ChunkOf(row).FactsAt(row % ChunkRows);

    /// <summary>The column of <c>item.NAME</c>: a field, else an attribute; −1 where there is neither.</summary>
    internal int ColumnOf(string name) => Fields.IndexOf(name) is >= 0 and int field ? field : Table.AttributeColumn(name);

    /// <summary>The code of the first or only text in a column of labels, −1 where there is none.</summary>
    internal int LabelAt(int column, int row) => ChunkOf(row).Column(column) switch
    {
        LabelChunk labels => labels.Codes[row % ChunkRows],
        ListChunk lists when lists.At(row % ChunkRows) is { IsEmpty: false } codes => codes[0],
        _ => -1,
    };

    private ItemChunk ChunkOf(int row) =>
        (uint)row < (uint)Count ? _chunks[row / ChunkRows] : throw new ArgumentOutOfRangeException(nameof(row), row, $"Rows are 0 … {Count - 1}.");

    private static ItemColumns Of(IEnumerable<ItemFacts> items, ItemFields fields, long version)
    {
        var table = new ColumnTable(fields);
        var chunks = new List<ItemChunk>();
        int row = 0;
        foreach (ItemFacts facts in items)
        {
            RequireFields(facts, fields);
            if (row % ChunkRows == 0)
                chunks.Add(new(table, new ColumnChunk?[table.Count], 0));
            chunks[^1].Put(row++ % ChunkRows, facts);
        }
        return new(table, [.. chunks], version, table.TextCount());
    }

    private static void RequireFields(ItemFacts facts, ItemFields fields)
    {
        if (facts.Fields != fields)
            throw new ArgumentException($"Items of these columns have the fields {string.Join(", ", fields.Names)}; \"{facts.Id}\" has {string.Join(", ", facts.Fields.Names)}.", nameof(facts));
    }
}
