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
    private readonly AlignedBlock<byte> codes;
    private readonly BlockBound[] bounds;
    private readonly int[] rows;

    private ItemCodes(int[] rows, int groups, AlignedBlock<byte> codes, BlockBound[] bounds) =>
        (this.rows, Groups, this.codes, this.bounds) = (rows, groups, codes, bounds);

    /// <summary>Groups of four codes in a row; even.</summary>
    public int Groups { get; }

    public int BlockCount => bounds.Length;

    /// <summary>What holds of every row of a block.</summary>
    public ref readonly BlockBound Bound(int block) => ref bounds[block];

    /// <summary>Rows of the matrix in a block, in the order of its codes; only the last block holds fewer than <see cref="CodeKernels.BlockRows"/>.</summary>
    public ReadOnlySpan<int> Rows(int block)
    {
        int first = block * CodeKernels.BlockRows;
        return rows.AsSpan(first, Math.Min(CodeKernels.BlockRows, rows.Length - first));
    }

    /// <summary>Codes of a block; valid while this object is reachable.</summary>
    public byte* Codes(int block) => codes.Pointer + block * BlockBytes(Groups);

    public static int GroupsOf(int width) => (width + 2 * CodesPerGroup - 1) / (2 * CodesPerGroup) * 2;

    /// <summary>Bytes that codes, order and bounds take.</summary>
    public static long BytesOf(long rowCount, int width) =>
        BlocksOf(rowCount) * (BlockBytes(GroupsOf(width)) + sizeof(BlockBound)) + rowCount * sizeof(int);

    /// <summary>Bounds that are compared are rounded away from what they bound by more than a few operations in double can err.</summary>
    public static double RoundUp(double value) => value * (1 + 1e-12);

    /// <summary>Codes of the rows of a matrix; null where it is too large or holds what no bound can be computed from.</summary>
    /// <param name="items">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="inverseNorms">Shape (n).</param>
    public static ItemCodes? Of(ReadOnlySpan<float> items, int width, ReadOnlySpan<float> inverseNorms)
    {
        int count = items.Length / width, groups = GroupsOf(width);
        long blockBytes = BlockBytes(groups), blockCount = BlocksOf(count);
        if (count == 0 || blockBytes * blockCount > Array.MaxLength - 64)
            return null;
        var norms = new float[count];
        for (int row = 0; row < count; row++)
        {
            norms[row] = (float)Math.Sqrt(WideDot.Of(items.Slice(row * width, width), items.Slice(row * width, width)));
            if (!(norms[row] <= LargestSize))
                return null;
        }
        int[] rows = ByFallingNorm(norms);
        var codes = new AlignedBlock<byte>((int)(blockBytes * blockCount));
        codes.Span.Fill(Zero);
        var bounds = new BlockBound[blockCount];
        for (int block = 0; block < bounds.Length; block++)
        {
            int first = block * CodeKernels.BlockRows;
            var members = rows.AsSpan(first, Math.Min(CodeKernels.BlockRows, count - first));
            bounds[block] = Encode(items, width, members, inverseNorms, codes.Pointer + block * blockBytes, groups);
        }
        // Rows are in the order of norms rounded to float: the last bit may still say otherwise.
        for (int block = bounds.Length - 2; block >= 0; block--)
            bounds[block] = bounds[block] with { Norm = Math.Max(bounds[block].Norm, bounds[block + 1].Norm) };
        return new(rows, groups, codes, bounds);
    }

    private static long BlocksOf(long rowCount) => (rowCount + CodeKernels.BlockRows - 1) / CodeKernels.BlockRows;

    private static long BlockBytes(int groups) => (long)groups * CodesPerGroup * CodeKernels.BlockRows;

    private static int[] ByFallingNorm(float[] norms)
    {
        // Norms are not negative, so their bits are in their order; the row in the low half makes the order one.
        var keys = new ulong[norms.Length];
        for (int row = 0; row < keys.Length; row++)
            keys[row] = (ulong)~BitConverter.SingleToUInt32Bits(norms[row]) << 32 | (uint)row;
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(uint)key);
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
/// <param name="Norm">The largest |y| of this block and those after it, rounded up.</param>
/// <param name="Error">The largest |y − s·c|, rounded up.</param>
/// <param name="InverseNorm">The largest 1/|y| that cosines are computed with.</param>
internal readonly record struct BlockBound(double Scale, double Norm, double Error, double InverseNorm);
