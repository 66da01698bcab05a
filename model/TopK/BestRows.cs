namespace OrleansRec.Model;

/// <summary>The best rows so far, as a heap with the worst on top, within the caller's span.</summary>
/// <param name="heap">Where they are kept; its length is k.</param>
/// <param name="ids">Id of each row.</param>
/// <param name="count">How many the heap already holds.</param>
internal ref struct BestRows(Span<ScoredRow> heap, ReadOnlySpan<string> ids, int count = 0)
{
    private readonly Span<ScoredRow> heap = heap;
    private readonly ReadOnlySpan<string> ids = ids;
    private int count = count;

    /// <summary>A score below this cannot enter; one equal to it enters where its id comes first.</summary>
    public float Threshold { get; private set; } = count == heap.Length ? heap[0].Score : float.NegativeInfinity;

    /// <summary>How many there are.</summary>
    public readonly int Count => count;

    /// <summary>How many there may be.</summary>
    public readonly int Capacity => heap.Length;

    /// <summary>The rows, in the order of <see cref="Sort"/> after it.</summary>
    public readonly ReadOnlySpan<ScoredRow> Rows => heap;

    /// <summary>Whether a row enters only in the place of another.</summary>
    public readonly bool IsFull => count == heap.Length;

    /// <summary>A row that is never kept, or −1.</summary>
    public int LeftOut { get; init; } = -1;

    /// <summary>Keeps a row if it is among the best.</summary>
    public void Offer(int row, float score)
    {
        if (row == LeftOut)
            return;
        var candidate = new ScoredRow(row, score);
        if (count < heap.Length)
        {
            heap[count] = candidate;
            SiftUp(count++);
        }
        else if (Precedes(candidate, heap[0]))
        {
            heap[0] = candidate;
            SiftDown(0);
        }
        else
            return;
        if (count == heap.Length)
            Threshold = heap[0].Score;
    }

    /// <summary>Puts the best first and says how many there are.</summary>
    public int Sort()
    {
        int all = count;
        while (count > 1)
        {
            count--;
            (heap[0], heap[count]) = (heap[count], heap[0]);
            SiftDown(0);
        }
        return all;
    }

    private readonly bool Precedes(ScoredRow a, ScoredRow b) =>
        a.Score > b.Score || (a.Score == b.Score && string.CompareOrdinal(ids[a.Row], ids[b.Row]) < 0);

    private readonly void SiftUp(int i)
    {
        while (i > 0 && Precedes(heap[(i - 1) / 2], heap[i]))
        {
            (heap[i], heap[(i - 1) / 2]) = (heap[(i - 1) / 2], heap[i]);
            i = (i - 1) / 2;
        }
    }

    private readonly void SiftDown(int i)
    {
        while (true)
        {
            int worst = 2 * i + 1;
            if (worst >= count)
                return;
            if (worst + 1 < count && Precedes(heap[worst], heap[worst + 1]))
                worst++;
            if (!Precedes(heap[i], heap[worst]))
                return;
            (heap[i], heap[worst]) = (heap[worst], heap[i]);
            i = worst;
        }
    }
}
