namespace OrleansRec.Model.Items;

/// <summary>How alike one item is to others by their words: Σ over the common words of idf(w), divided by √(|A|·|B|), with idf(w) = ln(1 + n / n_w).</summary>
/// <remarks>
/// n is the number of items and n_w of those with the word: a rare word in common says more (Spärck Jones 1972). Words are numbers here. Cost O(words of all items) for the
/// counts, and the same for the scores. Not thread-safe.
/// </remarks>
public sealed class ContentOverlap
{
    private readonly Dictionary<int, double> _idf;
    private readonly int _length;

    /// <summary>Takes the item and counts the others.</summary>
    /// <param name="words">The item's words, distinct.</param>
    /// <param name="all">The words of every item, the item itself included.</param>
    public ContentOverlap(int[] words, IEnumerable<int[]> all)
    {
        var counts = words.ToDictionary(w => w, _ => 0);
        int items = 0;
        foreach (int[] other in all)
        {
            items++;
            foreach (int word in other)
                if (counts.TryGetValue(word, out int count))
                    counts[word] = count + 1;
        }
        _idf = counts.ToDictionary(c => c.Key, c => Math.Log(1 + items / (double)Math.Max(1, c.Value)));
        _length = words.Length;
    }

    /// <summary>How alike another item is; 0 where no word is common.</summary>
    /// <param name="words">Its words, distinct.</param>
    public double ScoreOf(int[] words)
    {
        double sum = 0;
        foreach (int word in words)
            sum += _idf.GetValueOrDefault(word);
        return sum == 0 ? 0 : sum / Math.Sqrt((double)_length * words.Length);
    }
}
