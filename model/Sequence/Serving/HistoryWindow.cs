namespace OrleansRec.Model.Sequence.Serving;

/// <summary>Which of a user's items the model reads.</summary>
/// <remarks>
/// The window grows to n items, then drops its oldest ⌊n/2⌋ and grows again. Where it begins is a function of the history's length, so an encoding that grew event by event reads
/// the same items at the same positions as one made at once. Worked example, n = 4: histories of 1 … 4 items begin at 0, of 5 and 6 at 2, of 7 and 8 at 4.
/// </remarks>
public static class HistoryWindow
{
    /// <summary>Index of the first item that is read.</summary>
    /// <param name="historyLength">Items in the history, ≥ 0.</param>
    /// <param name="windowMax">n, ≥ 2.</param>
    public static int Start(int historyLength, int windowMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(historyLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowMax, 2);
        int half = windowMax / 2;
        return historyLength <= windowMax ? 0 : (historyLength - windowMax + half - 1) / half * half;
    }
}
