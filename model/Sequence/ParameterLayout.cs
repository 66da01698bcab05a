namespace OrleansRec.Model.Sequence;

/// <summary>One named matrix, row or table within the flat parameters.</summary>
/// <param name="Name">Such as "block0.qkv.weight"; blocks count from 0.</param>
/// <param name="Offset">Index of the first element.</param>
/// <param name="Rows">Rows: inputs of a weight, 1 of a bias, items or positions of a table.</param>
/// <param name="Columns">Columns: outputs of a weight.</param>
public readonly record struct ParameterView(string Name, int Offset, int Rows, int Columns)
{
    /// <summary>Elements.</summary>
    public int Length => Rows * Columns;

    /// <summary>Whether weight decay takes it: embeddings and matrices.</summary>
    public bool Decays => Rows > 1 || Name.EndsWith("weight", StringComparison.Ordinal);
}

/// <summary>Where each parameter lies: positions, blocks and final norm first, the items' embeddings last.</summary>
/// <remarks>
/// Worked example, d = 2, n = 3, one classic block with f = 2, 5 items: positions 0–5, block0.norm1.gain 6–7, .shift 8–9, qkv.weight 10–21 (2 × 6), qkv.bias 22–27, out.weight 28–31,
/// out.bias 32–33, norm2.gain 34–35, .shift 36–37, up.weight 38–41, up.bias 42–43, down.weight 44–47, down.bias 48–49, final.gain 50–51, final.shift 52–53, items 54–63.
/// A weight W of shape (in, out) is used as x·W; qkv holds queries, keys and values side by side, a gated up.weight its two halves.
/// </remarks>
public sealed class ParameterLayout
{
    private readonly List<ParameterView> _views = [];
    private int _length;

    /// <summary>Lays the parameters of a model out.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="itemCount">V, items of the catalogue, ≥ 2.</param>
    /// <exception cref="ArgumentException">Options out of range, too few items, or more parameters than an array holds.</exception>
    public ParameterLayout(SequenceOptions options, int itemCount)
    {
        SequenceOptionsRules.Require(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(itemCount, 2);
        if ((long)itemCount * options.Width > Array.MaxLength / 2)
            throw new ArgumentException($"A model holds at most {Array.MaxLength / 2} embedding elements; {itemCount} items of {options.Width} need more.", nameof(itemCount));
        (Options, ItemCount) = (options, itemCount);
        Positions = Add("positions", options.Length, options.Width);
        Blocks = new BlockLayout[options.Blocks];
        for (int b = 0; b < options.Blocks; b++)
            Blocks[b] = AddBlock($"block{b}.", options);
        FinalGain = Add("final.gain", 1, options.Width);
        FinalShift = Add("final.shift", 1, options.Width);
        NetworkLength = _length;
        Items = Add("items", itemCount, options.Width);
    }

    /// <summary>The options that it was made for.</summary>
    public SequenceOptions Options { get; }

    /// <summary>V, items of the catalogue.</summary>
    public int ItemCount { get; }

    /// <summary>All parameters, in their order.</summary>
    public IReadOnlyList<ParameterView> Views => _views;

    /// <summary>Elements of all parameters.</summary>
    public int Length => _length;

    /// <summary>Elements before the items' embeddings.</summary>
    public int NetworkLength { get; }

    internal int Positions { get; }

    internal BlockLayout[] Blocks { get; }

    internal int FinalGain { get; }

    internal int FinalShift { get; }

    internal int Items { get; }

    private BlockLayout AddBlock(string name, SequenceOptions options)
    {
        int d = options.Width, f = options.Hidden;
        bool isGated = options.Block == SequenceBlock.Gated;
        return new BlockLayout
        {
            Gain1 = Add(name + "norm1.gain", 1, d),
            Shift1 = Add(name + "norm1.shift", 1, d),
            Qkv = Add(name + "qkv.weight", d, 3 * d),
            QkvBias = Add(name + "qkv.bias", 1, 3 * d),
            Out = Add(name + "out.weight", d, d),
            OutBias = Add(name + "out.bias", 1, d),
            Gate1 = isGated ? Add(name + "gate1.weight", d, d) : -1,
            Gate1Bias = isGated ? Add(name + "gate1.bias", 1, d) : -1,
            Gain2 = Add(name + "norm2.gain", 1, d),
            Shift2 = Add(name + "norm2.shift", 1, d),
            Up = Add(name + "up.weight", d, isGated ? 2 * f : f),
            UpBias = isGated ? -1 : Add(name + "up.bias", 1, f),
            Down = Add(name + "down.weight", f, d),
            DownBias = isGated ? -1 : Add(name + "down.bias", 1, d),
            Gate2 = isGated ? Add(name + "gate2.weight", d, d) : -1,
            Gate2Bias = isGated ? Add(name + "gate2.bias", 1, d) : -1,
        };
    }

    private int Add(string name, int rows, int columns)
    {
        int offset = _length;
        _views.Add(new(name, offset, rows, columns));
        _length = checked(offset + rows * columns);
        return offset;
    }
}

/// <summary>Offsets of one block's parameters; −1 where its kind has none.</summary>
internal sealed record BlockLayout
{
    public required int Gain1 { get; init; }

    public required int Shift1 { get; init; }

    public required int Qkv { get; init; }

    public required int QkvBias { get; init; }

    public required int Out { get; init; }

    public required int OutBias { get; init; }

    public required int Gate1 { get; init; }

    public required int Gate1Bias { get; init; }

    public required int Gain2 { get; init; }

    public required int Shift2 { get; init; }

    public required int Up { get; init; }

    public required int UpBias { get; init; }

    public required int Down { get; init; }

    public required int DownBias { get; init; }

    public required int Gate2 { get; init; }

    public required int Gate2Bias { get; init; }
}
