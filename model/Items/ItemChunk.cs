namespace OrleansRec.Model.Items;

/// <summary>All columns of up to <see cref="ItemColumns.ChunkRows"/> items. Immutable once it is part of an <see cref="ItemColumns"/>.</summary>
internal sealed class ItemChunk(ColumnTable table, ColumnChunk?[] columns, int count)
{
    /// <summary>Items in it.</summary>
    public int Count { get; private set; } = count;

    /// <summary>A column; null where no item of the chunk has a value in it.</summary>
    public ColumnChunk? Column(int index) => index < columns.Length ? columns[index] : null;

    /// <summary>Writes a row of a chunk that nobody reads yet.</summary>
    public void Put(int row, ItemFacts facts)
    {
        Count = Math.Max(Count, row + 1);
        for (int column = 0; column < facts.Fields.Names.Count; column++)
            if (facts.ValueAt(column) is { } value)
                (columns[column] ??= ColumnChunk.Empty(table.KindOf(column))).Put(row, value, table.CodesOf(column));
        foreach (var (name, value) in facts.Attributes)
            if (table.AddAttribute(name) is >= 0 and int column)
            {
                if (column >= columns.Length)
                    Array.Resize(ref columns, table.Count);
                (columns[column] ??= new LabelChunk()).Put(row, value, table.CodesOf(column));
            }
    }

    /// <summary>The chunk with another item in a row; columns in which nothing changes are shared.</summary>
    public ItemChunk With(int row, ItemFacts facts)
    {
        foreach (string name in facts.Attributes.Keys)
            table.AddAttribute(name);
        var changed = new ColumnChunk?[table.Count];
        columns.CopyTo(changed, 0);
        for (int column = 0; column < facts.Fields.Names.Count; column++)
            Replace(ref changed[column], column, row, facts.ValueAt(column));
        for (int column = facts.Fields.Names.Count; column < changed.Length; column++)
            if (changed[column] is { } old)
                changed[column] = old.With(row, null, table.CodesOf(column));
        foreach (var (name, value) in facts.Attributes)
            if (table.AttributeColumn(name) is >= 0 and int column)
            {
                // From the chunk as it was, so that a value that stays costs no copy.
                changed[column] = Column(column);
                Replace(ref changed[column], column, row, value);
            }
        return new(table, changed, Math.Max(Count, row + 1));
    }

    /// <summary>What is known of an item.</summary>
    public ItemFacts FactsAt(int row)
    {
        var facts = new ItemFacts(((TextChunk)columns[table.Fields.IndexOf("id")]!).Texts[row]!, table.Fields);
        for (int column = 0; column < table.Fields.Names.Count; column++)
            facts.PutAt(column, columns[column]?.ValueAt(row, table.CodesOf(column)));
        foreach (string name in table.Attributes)
            if (table.AttributeColumn(name) is int column && Column(column)?.ValueAt(row, table.CodesOf(column)) is string value)
                facts.SetAttribute(name, value);
        return facts;
    }

    private void Replace(ref ColumnChunk? chunk, int column, int row, object? value)
    {
        if (chunk is null && value is null)
            return;
        chunk = (chunk ?? ColumnChunk.Empty(table.KindOf(column))).With(row, value, table.CodesOf(column));
    }
}
