namespace OrleansRec.Model;

/// <summary>The rows of a factor matrix by falling norm, in blocks of one scale, as codes of seven bits.</summary>
/// <remarks>
/// A row's factors are about (code − 64) · scale of its block. Of each block it is known how long its rows are at most and how far codes and floats are apart at most,
/// which is what a bound on every product with a query needs.
/// </remarks>
internal sealed unsafe class ItemCodes
{
    /// <summary>The code of a factor of zero: codes are kept unsigned, as the vector instructions want one side of a product.</summary>
    public const int Zero = 64;

    /// <summary>Codes lie this far from <see cref="Zero"/> at most.</summary>
    public const int Reach = 63;

    /// <summary>Factors and norms beyond this are left to the plain scan, so that no bound meets an overflow.</summary>
    public const double LargestSize = 1e18;

    /// <summary>A query whose largest part is below this is left to the plain scan, so that no bound meets an underflow.</summary>
    public const double SmallestSize = 1e-18;

    private const int CodesPerGroup = sizeof(int);
    private readonly BlockBound[] bounds;
    private readonly int[] rows;
    private readonly int[] starts;

    private ItemCodes(int[] rows, int[] starts, int groups, AlignedBlock<byte> codes, BlockBound[] bounds) =>
        (this.rows, this.starts, Groups, Codes, this.bounds) = (rows, starts, groups, codes, bounds);

    /// <summary>Groups of four codes in a row; even.</summary>
    public int Groups { get; }

    public int BlockCount => bounds.Length;

    /// <summary>What holds of every row of a block.</summary>
    public ref readonly BlockBound Bound(int block) => ref bounds[block];

    /// <summary>Rows of the matrix in a block, in the order of its codes; only the last block of a part holds fewer than <see cref="CodeKernels.BlockRows"/>.</summary>
    public ReadOnlySpan<int> Rows(int block) => rows.AsSpan(starts[block], starts[block + 1] - starts[block]);

    /// <summary>Codes of all blocks, one behind the other.</summary>
    public AlignedBlock<byte> Codes { get; }

    /// <summary>Where the codes of a block begin.</summary>
    public nint Start(int block) => (nint)(block * BlockBytes(Groups));

    public static int GroupsOf(int width) => (width + 2 * CodesPerGroup - 1) / (2 * CodesPerGroup) * 2;

    /// <summary>Bytes that codes, order and bounds take.</summary>
    public static long BytesOf(long rowCount, int width, long blockCount) =>
        blockCount * (BlockBytes(GroupsOf(width)) + sizeof(BlockBound) + sizeof(int)) + rowCount * sizeof(int);

    /// <summary>Blocks of so many rows in one part.</summary>
    public static long BlocksOf(long rowCount) => (rowCount + CodeKernels.BlockRows - 1) / CodeKernels.BlockRows;

    /// <summary>Bounds that are compared are rounded away from what they bound by more than a few operations in double can err.</summary>
    public static double RoundUp(double value) => value * (1 + 1e-12);

    /// <summary>Codes of the rows of a matrix; null where it is too large or holds what no bound can be computed from.</summary>
    /// <param name="items">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="inverseNorms">Shape (n).</param>
    public static ItemCodes? Of(ReadOnlySpan<float> items, int width, ReadOnlySpan<float> inverseNorms) =>
        Of(items, width, inverseNorms, new int[items.Length / width], 1, out _);

    /// <summary>The same in parts, each of its own blocks, whose norms fall within a part.</summary>
    /// <param name="items">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="inverseNorms">Shape (n).</param>
    /// <param name="partOf">Part of each row, shape (n).</param>
    /// <param name="partCount">How many parts there are.</param>
    /// <param name="firstBlocks">Receives where the blocks of each part begin, and their end, shape (partCount + 1).</param>
    public static ItemCodes? Of(
        ReadOnlySpan<float> items, int width, ReadOnlySpan<float> inverseNorms, ReadOnlySpan<int> partOf, int partCount, out int[] firstBlocks)
    {
        int count = items.Length / width, groups = GroupsOf(width);
        firstBlocks = new int[partCount + 1];
        int[] ends = new int[partCount];
        foreach (int part in partOf)
            ends[part]++;
        for (int part = 0; part < partCount; part++)
        {
            firstBlocks[part + 1] = firstBlocks[part] + (int)BlocksOf(ends[part]);
            ends[part] += part > 0 ? ends[part - 1] : 0;
        }
        long blockBytes = BlockBytes(groups), blockCount = firstBlocks[partCount];
        if (count == 0 || blockBytes * blockCount > Array.MaxLength - 64 || ByPartAndFallingNorm(items, width, partOf) is not { } rows)
            return null;
        var codes = new AlignedBlock<byte>((int)(blockBytes * blockCount));
        codes.Span.Fill(Zero);
        var bounds = new BlockBound[blockCount];
        var starts = new int[blockCount + 1];
        fixed (byte* all = codes)
            for (int part = 0, block = 0; part < partCount; part++)
            {
                for (; block < firstBlocks[part + 1]; block++)
                {
                    starts[block + 1] = Math.Min(starts[block] + CodeKernels.BlockRows, ends[part]);
                    var members = rows.AsSpan(starts[block], starts[block + 1] - starts[block]);
                    bounds[block] = Encode(items, width, members, inverseNorms, all + block * blockBytes, groups);
                }
                // Rows are in the order of norms rounded to float: the last bit may still say otherwise.
                for (int b = block - 2; b >= firstBlocks[part]; b--)
                    bounds[b] = bounds[b] with { Norm = Math.Max(bounds[b].Norm, bounds[b + 1].Norm) };
            }
        return new(rows, starts, groups, codes, bounds);
    }

    private static long BlockBytes(int groups) => (long)groups * CodesPerGroup * CodeKernels.BlockRows;

    private static int[]? ByPartAndFallingNorm(ReadOnlySpan<float> items, int width, ReadOnlySpan<int> partOf)
    {
        var keys = new (int Part, ulong Key)[partOf.Length];
        for (int row = 0; row < keys.Length; row++)
        {
            var factors = items.Slice(row * width, width);
            float norm = (float)Math.Sqrt(WideDot.Of(factors, factors));
            if (!(norm <= LargestSize))
                return null;
            // Norms are not negative, so their bits are in their order; the row in the low half makes the order one.
            keys[row] = (partOf[row], (ulong)~BitConverter.SingleToUInt32Bits(norm) << 32 | (uint)row);
        }
        Array.Sort(keys, static (a, b) => a.Part != b.Part ? a.Part.CompareTo(b.Part) : a.Key.CompareTo(b.Key));
        return Array.ConvertAll(keys, key => (int)(uint)key.Key);
    }

    private static BlockBound Encode(ReadOnlySpan<float> items, int width, ReadOnlySpan<int> members, ReadOnlySpan<float> inverseNorms, byte* into, int groups)
    {
        double largest = 0;
        foreach (int row in members)
            largest = Math.Max(largest, Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(items.Slice(row * width, width))));
        // A block of zeros, or of next to nothing, has codes of zero at any scale.
        double scale = Math.Max(largest, SmallestSize) / Reach, perScale = 1 / scale, norm = 0, error = 0, inverse = 0;
        for (int n = 0; n < members.Length; n++)
        {
            byte* at = into + (nint)(n / CodeKernels.StripRows) * groups * CodeKernels.GroupBytes + n % CodeKernels.StripRows * CodesPerGroup;
            double squares = 0, errors = 0;
            ReadOnlySpan<float> row = items.Slice(members[n] * width, width);
            for (int j = 0; j < width; j++)
            {
                int code = (int)Math.Round(row[j] * perScale);
                double apart = row[j] - scale * code;
                squares += (double)row[j] * row[j];
                errors += apart * apart;
                at[(nint)(j / CodesPerGroup) * CodeKernels.GroupBytes + j % CodesPerGroup] = (byte)(code + Zero);
            }
            norm = Math.Max(norm, squares);
            error = Math.Max(error, errors);
            inverse = Math.Max(inverse, inverseNorms[members[n]]);
        }
        return new(scale, RoundUp(Math.Sqrt(norm)), RoundUp(Math.Sqrt(error)), inverse);
    }
}

/// <summary>What holds of every row of a block of codes.</summary>
/// <param name="Scale">s: a code less its zero, times this, is about the float.</param>
/// <param name="Norm">The largest |y| of this block and those after it in its part, rounded up.</param>
/// <param name="Error">The largest |y − s·c|, rounded up.</param>
/// <param name="InverseNorm">The largest 1/|y| that cosines are computed with.</param>
internal readonly record struct BlockBound(double Scale, double Norm, double Error, double InverseNorm);
