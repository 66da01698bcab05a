using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>The pairs of many long rows, passed over together: the other side goes by in blocks that stay in the second-level cache while every row takes its pairs from them.</summary>
/// <remarks>
/// A long row alone would fetch its pairs' factors from memory in every pass; rows in step share each block that comes in. Blocks begin at fixed rows of the
/// other side, so what a row adds up, and in which order, does not depend on which rows are in step with it.
/// </remarks>
internal sealed unsafe class SharedPairs : IPairPasses
{
    /// <summary>Bytes of a block of the other side: half of the second-level cache of most machines.</summary>
    private const int BlockBytes = 512 * 1024;

    /// <summary>Rows in step at most: their vectors are 7·4·k bytes each.</summary>
    public const int RowsMax = 128;

    /// <summary>Pairs in step at most, but for a single row: 8 bytes of weights and 4 of columns each.</summary>
    public const int PairsMax = 512 * 1024;

    private readonly int[] starts = new int[RowsMax];
    private readonly int[] cursors = new int[RowsMax];
    private float[] values = [];
    private int[] columns = [];
    private float[] excess = [];
    private float[] targets = [];
    private RotatedSide side = null!;
    private InteractionRows pairs = null!;
    private ReadOnlyMemory<int> rowNumbers;
    private Action yield = null!;

    /// <summary>Takes the pairs of some rows.</summary>
    /// <param name="other">The fixed side.</param>
    /// <param name="rows">All pairs.</param>
    /// <param name="numbers">Which rows.</param>
    /// <param name="pause">Called between blocks: where others wait for the core, it lets them.</param>
    public void Take(RotatedSide other, InteractionRows rows, ReadOnlyMemory<int> numbers, Action pause)
    {
        (side, pairs, rowNumbers, yield) = (other, rows, numbers, pause);
        int total = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            starts[i] = total;
            total += rows.CountOf(numbers.Span[i]);
        }
        if (excess.Length < total)
            (columns, excess, targets) = (new int[total], new float[total], new float[total]);
        for (int i = 0; i < numbers.Length; i++)
            other.Weigh(ColumnsOf(i), rows.Values(numbers.Span[i], ref values), excess.AsSpan(starts[i]), targets.AsSpan(starts[i]));
    }

    /// <summary>Copies a row's columns to where its pairs begin: every pass reads them.</summary>
    private ReadOnlySpan<int> ColumnsOf(int i)
    {
        int row = rowNumbers.Span[i];
        var own = columns.AsSpan(starts[i], pairs.CountOf(row));
        pairs.CopyColumns(row, pairs.Starts[row], pairs.Starts[row + 1], own);
        return own;
    }

    public void FirstPass(ReadOnlySpan<ConjugateGradientRow> rows, bool isWarm) => Walk(rows, true, isWarm);

    public void Pass(ReadOnlySpan<ConjugateGradientRow> rows) => Walk(rows, false, false);

    private void Walk(ReadOnlySpan<ConjugateGradientRow> rows, bool isFirst, bool isWarm)
    {
        int blockRows = Math.Max(RowPassKernels.BlockRows, BlockBytes / sizeof(float) / side.Size);
        Array.Clear(cursors);
        for (int end = blockRows; end - blockRows < side.RowCount; end += blockRows)
        {
            side.Touch(end - blockRows, Math.Min(end, side.RowCount));
            for (int i = 0; i < rows.Length; i++)
                if (!rows[i].HasEnded)
                    TakeBlock(rows[i], i, end, isFirst, isWarm);
            yield();
        }
    }

    private void TakeBlock(ConjugateGradientRow row, int i, int end, bool isFirst, bool isWarm)
    {
        var own = columns.AsSpan(starts[i], pairs.CountOf(rowNumbers.Span[i]));
        int first = cursors[i], next = first;
        while (next < own.Length && own[next] < end)
            next++;
        cursors[i] = next;
        fixed (int* index = own)
        fixed (float* z = side.Rows, d = excess, t = targets, x = row.X, r = row.R, p = row.P, q = row.Q, squares = row.Diagonal)
        {
            int at = starts[i] + first;
            if (isFirst)
                side.Kernels.Pass(z, side.Size, index + first, next - first, side.Size, isWarm ? x : null, d + at, t + at, r, squares);
            else
                side.Kernels.Pass(z, side.Size, index + first, next - first, side.Size, p, d + at, null, q, null);
        }
    }
}
