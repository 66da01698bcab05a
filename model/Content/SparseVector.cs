namespace OrleansRec.Model.Content;

/// <summary>A sparse vector over hashed tokens: keys ascend, none twice.</summary>
/// <param name="Keys">Hash of each token, ascending.</param>
/// <param name="Values">Its weight, finite.</param>
public sealed record SparseVector(ulong[] Keys, float[] Values)
{
    /// <summary>The vector of nothing.</summary>
    public static SparseVector Zero { get; } = new([], []);

    /// <summary>Sums entries of equal keys, drops zeros, and orders.</summary>
    public static SparseVector Of(IEnumerable<(ulong Key, double Value)> entries)
    {
        var sums = new SortedDictionary<ulong, double>();
        foreach (var (key, value) in entries)
            sums[key] = sums.GetValueOrDefault(key) + value;
        var kept = sums.Where(s => s.Value != 0).ToArray();
        return new([.. kept.Select(s => s.Key)], [.. kept.Select(s => (float)s.Value)]);
    }

    /// <summary>|v|.</summary>
    public double Norm => Math.Sqrt(Values.Sum(v => (double)v * v));

    /// <summary>v / |v|; the zero vector stays zero.</summary>
    public SparseVector ToUnit()
    {
        double norm = Norm;
        return norm > 0 ? new(Keys, Array.ConvertAll(Values, v => (float)(v / norm))) : Zero;
    }

    /// <summary>The inner product, by one pass over both.</summary>
    public double Dot(SparseVector other)
    {
        double sum = 0;
        for (int i = 0, j = 0; i < Keys.Length && j < other.Keys.Length;)
        {
            if (Keys[i] == other.Keys[j])
                sum += (double)Values[i++] * other.Values[j++];
            else if (Keys[i] < other.Keys[j])
                i++;
            else
                j++;
        }
        return sum;
    }
}
