namespace OrleansRec.Model;

/// <summary>Where each bucket's rows begin in a list of ids that is in the order of (hash, id).</summary>
public static class BucketStarts
{
    /// <summary>First row of each bucket of the range, and the number of rows last: shape (range.Length + 1).</summary>
    /// <exception cref="ArgumentException">An id is not of the range, or the ids are not in order.</exception>
    public static int[] Of(IReadOnlyList<string> ids, BucketRange range)
    {
        var starts = new int[range.Length + 1];
        int last = range.First;
        for (int row = 0; row < ids.Count; row++)
        {
            int bucket = Buckets.Of(IdHash.Of(ids[row]));
            if (bucket < last || bucket >= range.End)
                throw new ArgumentException($"Row {row} is in bucket {bucket}; expected {last} … {range.End - 1}.", nameof(ids));
            last = bucket;
            starts[bucket - range.First + 1]++;
        }
        for (int i = 0; i < range.Length; i++)
            starts[i + 1] += starts[i];
        return starts;
    }
}
