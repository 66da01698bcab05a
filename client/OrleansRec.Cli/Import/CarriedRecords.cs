namespace OrleansRec.Cli.Import;

/// <summary>
/// Fills fields that stand only on the first line of a group, such as the buyer of an order. The first column tells the group: where its field is there and is another than before, a new group
/// begins, and nothing is carried into it.
/// </summary>
internal sealed class CarriedRecords(IRecords inner, int[] columns) : IRecords
{
    private readonly byte[][] _carried = [.. columns.Select(_ => Array.Empty<byte>())];

    public IReadOnlyList<string> Columns => inner.Columns;

    public long Line => inner.Line;

    public int FieldCount => inner.FieldCount;

    public Rejection? Broken => inner.Broken;

    public bool HasKinds => inner.HasKinds;

    public IReadOnlyCollection<string> OtherNames => inner.OtherNames;

    public long StrayQuotes => inner.StrayQuotes;

    public bool Read()
    {
        if (!inner.Read())
            return false;
        if (inner.Broken is not null)
            return true;
        var group = inner.Bytes(columns[0]);
        bool isNew = !group.IsEmpty && !group.SequenceEqual(_carried[0]);
        for (int i = 0; i < columns.Length; i++)
        {
            var field = inner.Bytes(columns[i]);
            if (isNew || !field.IsEmpty)
                _carried[i] = field.ToArray();
        }
        return true;
    }

    public ReadOnlySpan<byte> Bytes(int column) => inner.Bytes(column) is { IsEmpty: false } field ? field : Carried(column);

    public string Text(int column) => inner.Bytes(column).IsEmpty ? System.Text.Encoding.UTF8.GetString(Carried(column)) : inner.Text(column);

    public FieldKind Kind(int column) => inner.Kind(column) is var kind and not FieldKind.Missing ? kind : Carried(column).IsEmpty ? FieldKind.Missing : FieldKind.Plain;

    public void Dispose() => inner.Dispose();

    private ReadOnlySpan<byte> Carried(int column)
    {
        int at = Array.IndexOf(columns, column);
        return at < 0 ? default : _carried[at];
    }
}
