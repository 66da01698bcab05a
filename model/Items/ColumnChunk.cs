namespace OrleansRec.Model.Items;

/// <summary>One column of <see cref="ItemColumns.ChunkRows"/> items. Immutable once it is part of an <see cref="ItemColumns"/>.</summary>
internal abstract class ColumnChunk
{
    /// <summary>A chunk with nothing in it.</summary>
    public static ColumnChunk Empty(ItemFieldKind kind) => kind switch
    {
        ItemFieldKind.Number or ItemFieldKind.Time => new NumberChunk(),
        ItemFieldKind.Flag => new FlagChunk(),
        ItemFieldKind.Text => new TextChunk(),
        ItemFieldKind.Label => new LabelChunk(),
        _ => new ListChunk(),
    };

    /// <summary>The value in a row as <see cref="ItemFacts"/> has it.</summary>
    public abstract object? ValueAt(int row, TextCodes? codes);

    /// <summary>Writes a value into a chunk that nobody reads yet.</summary>
    public abstract void Put(int row, object? value, TextCodes? codes);

    /// <summary>A copy that can be written to.</summary>
    public abstract ColumnChunk Copy();

    /// <summary>The chunk with another value in a row: itself where that is the value already.</summary>
    public ColumnChunk With(int row, object? value, TextCodes? codes)
    {
        object? current = ValueAt(row, codes);
        bool isSame = current is string[] texts && value is string[] others ? texts.AsSpan().SequenceEqual(others) : Equals(current, value);
        if (isSame)
            return this;
        ColumnChunk copy = Copy();
        copy.Put(row, value, codes);
        return copy;
    }
}

/// <summary>Numbers, or times in milliseconds; NaN where one is missing, as the presence bitmap says too.</summary>
internal sealed class NumberChunk : ColumnChunk
{
    public NumberChunk() => Values.AsSpan().Fill(double.NaN);

    private NumberChunk(NumberChunk other) => (Values, Present) = ([.. other.Values], [.. other.Present]);

    public double[] Values { get; } = new double[ItemColumns.ChunkRows];

    public ulong[] Present { get; } = new ulong[ItemColumns.ChunkRows / 64];

    public override object? ValueAt(int row, TextCodes? codes) => double.IsNaN(Values[row]) ? null : Values[row];

    public override void Put(int row, object? value, TextCodes? codes)
    {
        Values[row] = value is double number ? number : double.NaN;
        RowWords.Set(Present, row, value is double);
    }

    public override ColumnChunk Copy() => new NumberChunk(this);
}

/// <summary>True or false, with a presence bitmap.</summary>
internal sealed class FlagChunk : ColumnChunk
{
    public FlagChunk()
    {
    }

    private FlagChunk(FlagChunk other) => (Values, Present) = ([.. other.Values], [.. other.Present]);

    public ulong[] Values { get; } = new ulong[ItemColumns.ChunkRows / 64];

    public ulong[] Present { get; } = new ulong[ItemColumns.ChunkRows / 64];

    public override object? ValueAt(int row, TextCodes? codes) => RowWords.Has(Present, row) ? RowWords.Has(Values, row) : null;

    public override void Put(int row, object? value, TextCodes? codes)
    {
        RowWords.Set(Values, row, value is true);
        RowWords.Set(Present, row, value is bool);
    }

    public override ColumnChunk Copy() => new FlagChunk(this);
}

/// <summary>Texts as they are.</summary>
internal sealed class TextChunk : ColumnChunk
{
    public TextChunk()
    {
    }

    private TextChunk(TextChunk other) => Texts = [.. other.Texts];

    public string?[] Texts { get; } = new string?[ItemColumns.ChunkRows];

    public override object? ValueAt(int row, TextCodes? codes) => Texts[row];

    public override void Put(int row, object? value, TextCodes? codes) => Texts[row] = (string?)value;

    public override ColumnChunk Copy() => new TextChunk(this);
}

/// <summary>Codes of texts; −1 where there is none.</summary>
internal sealed class LabelChunk : ColumnChunk
{
    public LabelChunk() => Codes.AsSpan().Fill(-1);

    private LabelChunk(LabelChunk other) => Codes = [.. other.Codes];

    public int[] Codes { get; } = new int[ItemColumns.ChunkRows];

    public override object? ValueAt(int row, TextCodes? codes) => Codes[row] < 0 ? null : codes![Codes[row]];

    public override void Put(int row, object? value, TextCodes? codes) => Codes[row] = value is string text ? codes!.CodeOf(text) : -1;

    public override ColumnChunk Copy() => new LabelChunk(this);
}

/// <summary>Lists of codes, one behind the other (CSR): those of row r are Codes[Starts[r] .. Starts[r + 1]].</summary>
/// <remarks>Worked example: rows ["a", "b"], none, ["a"] are Starts 0 2 2 3 and Codes 0 1 0.</remarks>
internal sealed class ListChunk : ColumnChunk
{
    public ListChunk()
    {
    }

    private ListChunk(ListChunk other) => (Starts, Codes) = ([.. other.Starts], other.Codes);

    public int[] Starts { get; } = new int[ItemColumns.ChunkRows + 1];

    public int[] Codes { get; private set; } = [];

    public ReadOnlySpan<int> At(int row) => Codes.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    public override object? ValueAt(int row, TextCodes? codes)
    {
        ReadOnlySpan<int> at = At(row);
        if (at.IsEmpty)
            return null;
        var texts = new string[at.Length];
        for (int n = 0; n < texts.Length; n++)
            texts[n] = codes![at[n]];
        return texts;
    }

    public override void Put(int row, object? value, TextCodes? codes)
    {
        int[] put = value is string[] texts ? Array.ConvertAll(texts, codes!.CodeOf) : [];
        Codes = [.. Codes.AsSpan(0, Starts[row]), .. put, .. Codes.AsSpan(Starts[row + 1])];
        int longer = put.Length - (Starts[row + 1] - Starts[row]);
        foreach (ref int start in Starts.AsSpan(row + 1))
            start += longer;
    }

    public override ColumnChunk Copy() => new ListChunk(this);
}
