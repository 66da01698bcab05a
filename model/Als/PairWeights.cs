using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>How the value r of a pair enters a row's equations (A = w0·YᵀY + Σ d·y·yᵀ + λ'I, b = Σ c·p·y) and the loss.</summary>
/// <remarks>
/// | reading | c | d |
/// | Scaled | α·|r| | α·|r| − 1 |
/// | OnePlus | 1 + α·|r| | α·|r| |
/// | Unobserved | α·|r| | α·|r| |
/// A pair with r &lt;= 0 has preference p = 0: chosen against, with the confidence of |r|.
/// </remarks>
internal readonly struct PairWeights
{
    private readonly double alpha;
    private readonly double addedToConfidence;
    private readonly double takenForBase;

    public PairWeights(AlsOptions options)
    {
        alpha = options.Alpha;
        addedToConfidence = options.Confidence == Confidence.OnePlus ? 1 : 0;
        takenForBase = options.Confidence == Confidence.Unobserved ? 0 : 1;
    }

    /// <summary>c, the weight of (p − s)².</summary>
    public double WeightOf(float r) => addedToConfidence + alpha * Math.Abs(r);

    /// <summary>d, the weight of y·yᵀ beyond that in the Gram matrix.</summary>
    public double Excess(float r) => WeightOf(r) - takenForBase;

    /// <summary>c·p, the weight of y on the right-hand side.</summary>
    public double Target(float r) => r > 0 ? WeightOf(r) : 0;

    /// <summary>d and t of pairs.</summary>
    public unsafe void Weigh(ReadOnlySpan<float> values, float* excesses, float* targets)
    {
        float a = (float)alpha, one = (float)addedToConfidence, less = (float)takenForBase;
        Vector256<float> added = Vector256.Create(one), taken = Vector256.Create(less);
        fixed (float* r = values)
        {
            int n = 0;
            for (; n + 8 <= values.Length; n += 8)
            {
                var value = Vector256.Load(r + n);
                var weight = a * Vector256.Abs(value) + added;
                (weight - taken).Store(excesses + n);
                (Vector256.GreaterThan(value, Vector256<float>.Zero).AsSingle() & weight).Store(targets + n);
            }
            for (; n < values.Length; n++)
            {
                float weight = a * MathF.Abs(r[n]) + one;
                excesses[n] = weight - less;
                targets[n] = r[n] > 0 ? weight : 0;
            }
        }
    }

    /// <summary>How many pairs have d &gt; 0, as <see cref="Weigh"/> computes it; −1 where one has d &lt; 0, or is no number.</summary>
    public int CountRaising(ReadOnlySpan<float> values)
    {
        float a = (float)alpha, one = (float)addedToConfidence, less = (float)takenForBase;
        Vector256<float> added = Vector256.Create(one), taken = Vector256.Create(less), zero = Vector256<float>.Zero;
        int n = 0, count = 0;
        for (; n + 8 <= values.Length; n += 8)
        {
            var excess = a * Vector256.Abs(Vector256.Create(values.Slice(n, 8))) + added - taken;
            if (!Vector256.GreaterThanOrEqualAll(excess, zero))
                return -1;
            count += System.Numerics.BitOperations.PopCount(Vector256.GreaterThan(excess, zero).ExtractMostSignificantBits());
        }
        for (; n < values.Length; n++)
        {
            float weight = a * MathF.Abs(values[n]) + one, excess = weight - less;
            if (!(excess >= 0))
                return -1;
            count += excess > 0 ? 1 : 0;
        }
        return count;
    }

    /// <summary>√|d| and t/√|d| of pairs, for a panel; false, and nothing that can be used, where not every d is above 0.</summary>
    public unsafe bool WeighRaising(ReadOnlySpan<float> values, float* scales, float* targets)
    {
        float a = (float)alpha, one = (float)addedToConfidence, less = (float)takenForBase, least = float.MaxValue;
        Vector256<float> added = Vector256.Create(one), taken = Vector256.Create(less), leasts = Vector256.Create(least);
        fixed (float* r = values)
        {
            int n = 0;
            for (; n + 8 <= values.Length; n += 8)
            {
                var value = Vector256.Load(r + n);
                var weight = a * Vector256.Abs(value) + added;
                var excess = weight - taken;
                leasts = Vector256.Min(leasts, excess);
                var scale = Vector256.Sqrt(excess);
                scale.Store(scales + n);
                (Vector256.GreaterThan(value, Vector256<float>.Zero).AsSingle() & (weight / scale)).Store(targets + n);
            }
            for (; n < values.Length; n++)
            {
                float weight = a * MathF.Abs(r[n]) + one, excess = weight - less;
                least = MathF.Min(least, excess);
                scales[n] = MathF.Sqrt(excess);
                targets[n] = r[n] > 0 ? weight / scales[n] : 0;
            }
        }
        // The negated form also refuses NaN.
        return least > 0 && Vector256.GreaterThanAll(leasts, Vector256<float>.Zero);
    }

    /// <summary>Σ c·(p − s)² less what the sum over all pairs, w0·s², counts for these pairs already.</summary>
    /// <param name="values">r of each pair.</param>
    /// <param name="s">The product x·y of each pair.</param>
    public unsafe double Loss(ReadOnlySpan<float> values, double* s)
    {
        // Four sums at every width of the machine, for the same bits everywhere.
        var sums = Vector256<double>.Zero;
        int n = 0;
        Vector256<double> added = Vector256.Create(addedToConfidence), taken = Vector256.Create(takenForBase);
        for (; n + 4 <= values.Length; n += 4)
        {
            var r = Vector256.WidenLower(Vector128.Create(values.Slice(n, 4)).ToVector256Unsafe());
            var product = Vector256.Load(s + n);
            var miss = (Vector256.GreaterThan(r, Vector256<double>.Zero) & Vector256<double>.One) - product;
            sums += (added + alpha * Vector256.Abs(r)) * miss * miss - taken * product * product;
        }
        var half = sums.GetLower() + sums.GetUpper();
        double sum = half[0] + half[1];
        for (; n < values.Length; n++)
        {
            double miss = (values[n] > 0 ? 1 : 0) - s[n];
            sum += WeightOf(values[n]) * miss * miss - takenForBase * s[n] * s[n];
        }
        return sum;
    }
}
