namespace OrleansRec.Model;

/// <summary>The columns of one row after another as the solvers read them: where they lie, or from a buffer that some rows at a time are copied to.</summary>
/// <remarks>Behind a row's columns lie those of the rows to come, so that their factors can be asked for ahead.</remarks>
/// <param name="rows">The pairs.</param>
/// <param name="buffer">Grows where it must; kept by who solves.</param>
internal ref struct ColumnWindow(InteractionRows rows, ref int[] buffer)
{
    /// <summary>Columns copied at a time: 8 KB, which stay in the first-level cache.</summary>
    private const int CountAimed = 2048;

    /// <summary>No kernel asks for more columns ahead: as many as a panel has rows.</summary>
    private const int AheadMax = 128;

    private readonly ref int[] _buffer = ref buffer;
    private int _first, _end;

    /// <summary>The columns of a row; rows are taken in order.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="upcoming">How many of the rows to come lie behind them.</param>
    public ReadOnlySpan<int> Take(int row, out int upcoming)
    {
        int start = rows.Starts[row], end = rows.Starts[row + 1];
        if (rows.WideColumns is { } wide)
        {
            upcoming = rows.PairCount - end;
            return wide.AsSpan(start, end - start);
        }
        int ahead = Math.Min(AheadMax, rows.PairCount - end);
        if (start < _first || end + ahead > _end)
            Copy(row, start, Math.Max(end + ahead, start + Math.Min(CountAimed, rows.PairCount - start)));
        upcoming = _end - end;
        return _buffer.AsSpan(start - _first, end - start);
    }

    private void Copy(int row, int first, int end)
    {
        if (_buffer.Length < end - first)
            _buffer = new int[Math.Max(end - first, 2 * _buffer.Length)];
        (_first, _end) = (first, end);
        for (; first < end; row++)
        {
            int stop = Math.Min(rows.Starts[row + 1], end);
            rows.CopyColumns(row, first, stop, _buffer.AsSpan(first - _first));
            first = stop;
        }
    }
}
