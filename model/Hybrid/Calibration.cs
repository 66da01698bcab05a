namespace OrleansRec.Model.Hybrid;

/// <summary>Turns a score into a probability: p = 1 / (1 + e^−(a·s + b)), fitted on held-out data (Platt 1999).</summary>
/// <param name="Slope">a; below 0 where high scores are taken less often, which is a broken model.</param>
/// <param name="Intercept">b.</param>
public sealed record Sigmoid(double Slope, double Intercept)
{
    private const int StepsMax = 100;

    /// <summary>The probability of a score.</summary>
    public double Of(double score) => 1 / (1 + Math.Exp(-(Slope * score + Intercept)));

    /// <summary>Fits a and b by Newton's method, towards Platt's targets (n⁺ + 1)/(n⁺ + 2) and 1/(n⁻ + 2), which keep it finite on separable data (Lin, Lin and Weng 2007).</summary>
    /// <param name="scores">Shape (n), finite.</param>
    /// <param name="taken">Whether each was taken, shape (n); both kinds are there.</param>
    /// <exception cref="ArgumentException">The shapes differ, or only one kind is there.</exception>
    public static Sigmoid Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> taken)
    {
        if (scores.Length != taken.Length)
            throw new ArgumentException($"{scores.Length} scores need as many answers; got {taken.Length}.", nameof(taken));
        int positive = taken.Count(true), negative = taken.Length - positive;
        if (positive == 0 || negative == 0)
            throw new ArgumentException($"A sigmoid needs both kinds of answers; got {positive} taken and {negative} not.", nameof(taken));
        double high = (positive + 1.0) / (positive + 2.0), low = 1 / (negative + 2.0), a = 0, b = Math.Log((positive + 1.0) / (negative + 1.0));
        double loss = LossOf(scores, taken, high, low, a, b);
        for (int step = 0; step < StepsMax; step++)
        {
            double ga = 0, gb = 0, haa = 1e-12, hab = 0, hbb = 1e-12;
            for (int n = 0; n < scores.Length; n++)
            {
                double p = 1 / (1 + Math.Exp(-(a * scores[n] + b))), miss = p - (taken[n] ? high : low), curve = p * (1 - p);
                (ga, gb) = (ga + miss * scores[n], gb + miss);
                (haa, hab, hbb) = (haa + curve * scores[n] * scores[n], hab + curve * scores[n], hbb + curve);
            }
            if (Math.Abs(ga) + Math.Abs(gb) < 1e-9 * scores.Length)
                break;
            double det = haa * hbb - hab * hab, da = (hbb * ga - hab * gb) / det, db = (haa * gb - hab * ga) / det, length = 1, next;
            while ((next = LossOf(scores, taken, high, low, a - length * da, b - length * db)) > loss && length > 1e-10)
                length /= 2;
            (a, b, loss) = (a - length * da, b - length * db, next);
        }
        return new(a, b);
    }

    private static double LossOf(ReadOnlySpan<double> scores, ReadOnlySpan<bool> taken, double high, double low, double a, double b)
    {
        double sum = 0;
        for (int n = 0; n < scores.Length; n++)
        {
            double s = a * scores[n] + b, target = taken[n] ? high : low;
            sum += target * BlendLearner.LogLoss(s) + (1 - target) * BlendLearner.LogLoss(-s);
        }
        return sum;
    }
}

/// <summary>One row of a reliability table: candidates whose predicted probability lies in one range.</summary>
/// <param name="Count">Candidates.</param>
/// <param name="Predicted">The mean of their probabilities.</param>
/// <param name="Taken">The share that was taken.</param>
public readonly record struct ReliabilityRow(int Count, double Predicted, double Taken);

/// <summary>How well probabilities hold: predicted beside taken, in groups of equal size.</summary>
/// <param name="Rows">From the lowest to the highest probability.</param>
/// <param name="Error">The expected calibration error: Σ (count / all)·|predicted − taken|.</param>
/// <param name="Brier">The mean of (p − taken)².</param>
public sealed record Reliability(IReadOnlyList<ReliabilityRow> Rows, double Error, double Brier)
{
    /// <summary>Groups candidates by predicted probability.</summary>
    /// <param name="predicted">Shape (n), 0 … 1.</param>
    /// <param name="taken">Shape (n).</param>
    /// <param name="groups">Groups, ≥ 1; there are fewer where there are fewer candidates.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there is no candidate.</exception>
    public static Reliability Of(double[] predicted, bool[] taken, int groups = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (predicted.Length != taken.Length || predicted.Length == 0)
            throw new ArgumentException($"As many answers as probabilities are needed, at least 1; got {taken.Length} and {predicted.Length}.", nameof(taken));
        int[] order = [.. Enumerable.Range(0, predicted.Length).OrderBy(n => predicted[n])];
        groups = Math.Min(groups, order.Length);
        var rows = new ReliabilityRow[groups];
        double error = 0;
        for (int g = 0; g < groups; g++)
        {
            int[] own = order[(int)((long)g * order.Length / groups)..(int)((long)(g + 1) * order.Length / groups)];
            rows[g] = new(own.Length, own.Average(n => predicted[n]), own.Average(n => taken[n] ? 1.0 : 0));
            error += Math.Abs(rows[g].Predicted - rows[g].Taken) * own.Length / order.Length;
        }
        return new(rows, error, predicted.Zip(taken, (p, t) => (p - (t ? 1 : 0)) * (p - (t ? 1 : 0))).Average());
    }
}
