using OrleansRec.Contracts;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>One published version as the storage held it when it was published, with plain double arithmetic on it.</summary>
internal sealed class ModelTruth
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _weights;

    public ModelTruth(ModelInfo info, IReadOnlyList<PublishedBlock> blocks)
    {
        Info = info;
        Ids = [.. blocks.SelectMany(b => b.Ids)];
        Factors = [.. blocks.SelectMany(b => b.Factors)];
        for (var row = 0; row < Ids.Length; row++)
            _rows.Add(Ids[row], row);
        _weights = info.Plan.TypeWeights.ToDictionary(w => w.Type, w => (double)w.Weight, StringComparer.Ordinal);
    }

    public ModelInfo Info { get; }

    public string[] Ids { get; }

    public float[] Factors { get; }

    public int Width => Info.Plan.Rank;

    public bool Has(string itemId) => _rows.ContainsKey(itemId);

    /// <summary>What is wrong with the version as a whole, or null.</summary>
    public string? Fault()
    {
        if (Ids.Length != Info.Items || Factors.Length != Ids.Length * Width)
            return $"Version {Info.Version} says {Info.Items} items; its blocks hold {Ids.Length} rows and {Factors.Length} floats.";
        var gram = new double[Width * Width];
        GramMatrix.Add(Factors, Width, gram);
        for (var i = 0; i < gram.Length; i++)
            if (Math.Abs(gram[i] - Info.Gram[i]) > 1e-6 * (1 + Math.Abs(gram[i])))
                return $"Version {Info.Version} has {Info.Gram[i]} in its Gram matrix at {i}; its blocks give {gram[i]}.";
        var hash = Hash();
        return hash == Info.FactorsHash ? null : $"Version {Info.Version} names its factors {Info.FactorsHash}; its blocks are {hash}.";
    }

    /// <summary>The vector of a history: (λI + YᵀY + Σ (c−1) y yᵀ) x = Σ c y with c = α·r, by plain elimination; null where no item has factors.</summary>
    public double[]? Solve(IReadOnlyList<HistoryEvent> history)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var e in history)
            if (Has(e.ItemId) && _weights.GetValueOrDefault(e.Type, 1) != 0)
                values[e.ItemId] = values.GetValueOrDefault(e.ItemId) + _weights.GetValueOrDefault(e.Type, 1) * e.Value;
        if (values.Count == 0)
            return null;
        var k = Width;
        var a = new double[k, k + 1];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
                a[i, j] = Info.Gram[i * k + j];
            a[i, i] += Info.Plan.Lambda;
        }
        foreach (var (itemId, r) in values)
        {
            var y = Factors.AsSpan(_rows[itemId] * k, k);
            var c = Info.Plan.Alpha * r;
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                    a[i, j] += (c - 1) * y[i] * y[j];
                a[i, k] += c * y[i];
            }
        }
        return Eliminate(a, k);
    }

    public double Score(double[] x, string itemId)
    {
        double score = 0;
        for (var i = 0; i < x.Length; i++)
            score += x[i] * Factors[_rows[itemId] * Width + i];
        return score;
    }

    private string Hash()
    {
        var hashes = new List<byte[]>();
        for (int bucket = 0, row = 0; bucket < Buckets.Count; bucket++)
        {
            var first = row;
            while (row < Ids.Length && Buckets.Of(IdHash.Of(Ids[row])) == bucket)
                row++;
            hashes.Add(FactorsHash.OfBucket(Ids.AsSpan(first..row), Factors.AsSpan(first * Width, (row - first) * Width), Width));
        }
        return FactorsHash.Combine(hashes);
    }

    private static double[] Eliminate(double[,] a, int k)
    {
        for (var p = 0; p < k; p++)
        {
            for (var i = 0; i < k; i++)
            {
                if (i == p)
                    continue;
                var factor = a[i, p] / a[p, p];
                for (var j = p; j <= k; j++)
                    a[i, j] -= factor * a[p, j];
            }
        }
        return [.. Enumerable.Range(0, k).Select(i => a[i, k] / a[i, i])];
    }
}
