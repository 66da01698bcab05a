namespace OrleansRec.Cli.Import;

/// <summary>Leaves records out that do not meet every condition, with the condition as the reason.</summary>
internal sealed class ConditionalRecords(IRecords inner, (int Column, RowCondition Condition)[] conditions) : IRecords
{
    public IReadOnlyList<string> Columns => inner.Columns;

    public long Line => inner.Line;

    public int FieldCount => inner.FieldCount;

    public Rejection? Broken { get; private set; }

    public bool HasKinds => inner.HasKinds;

    public IReadOnlyCollection<string> OtherNames => inner.OtherNames;

    public long StrayQuotes => inner.StrayQuotes;

    public bool Read()
    {
        if (!inner.Read())
            return false;
        Broken = inner.Broken ?? Unmet();
        return true;
    }

    public ReadOnlySpan<byte> Bytes(int column) => inner.Bytes(column);

    public string Text(int column) => inner.Text(column);

    public FieldKind Kind(int column) => inner.Kind(column);

    public void Dispose() => inner.Dispose();

    private Rejection? Unmet()
    {
        foreach (var (column, condition) in conditions)
            if (!condition.Holds(inner.Bytes(column)))
                return Rejection.Of(condition.Reason, condition.Column, inner.Text(column));
        return null;
    }
}
