using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>Some rows of a chunk: whole words of 64, of which the last may reach beyond the chunk's items.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="First">The first row, a multiple of 64.</param>
/// <param name="Count">How many rows, a multiple of 64.</param>
internal readonly record struct RowRange(ItemChunk Chunk, int First, int Count)
{
    public int FirstWord => First >> 6;

    public int Words => Count >> 6;
}

/// <summary>The column of a name, which some version may not have yet.</summary>
internal readonly struct ColumnName(ColumnTable table, FieldName name)
{
    private readonly int _field = name.IsAttribute ? -1 : table.Fields.IndexOf(name.Name);

    public bool ArePaths => name.Kind == ItemFieldKind.Paths;

    /// <summary>Null where no item of the chunk has a value.</summary>
    public ColumnChunk? Of(ItemChunk chunk) => Index is >= 0 and int index ? chunk.Column(index) : null;

    /// <summary>Texts of its codes; null where no item has had a value, or where it is no column of labels.</summary>
    public TextCodes? Codes => Index is >= 0 and int index ? table.CodesOf(index) : null;

    private int Index => _field >= 0 ? _field : table.AttributeColumn(name.Name);
}
