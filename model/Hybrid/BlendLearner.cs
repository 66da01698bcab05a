using MathNet.Numerics.LinearAlgebra;

namespace OrleansRec.Model.Hybrid;

/// <summary>What is minimised.</summary>
public enum BlendLoss
{
    /// <summary>Logistic regression: Σ ln(1 + e^∓s), s = bias + w·f; a user's candidates weigh 1 together, held-out and other ones one half each.</summary>
    Logistic,

    /// <summary>Pairwise logistic loss (BPR, Rendle et al. 2009): the mean of ln(1 + e^−(w·(f⁺ − f⁻))) over a user's pairs of held-out and other candidates, summed over users.</summary>
    Pairwise,
}

/// <summary>Learns the weights of a blend from held-out users.</summary>
/// <remarks>
/// Both losses are convex, so a damped Newton method in double finds the one minimum from zero, the same in every run: no seed, no step size. With |w|²·ridge·users/2 added, which keeps weights
/// finite where parts agree. Cost an iteration P² for each candidate (logistic) or pair (pairwise); ends when the gradient is below 10⁻⁸ a user, or after <see cref="StepsMax"/> steps.
/// </remarks>
public static class BlendLearner
{
    /// <summary>Newton steps at most.</summary>
    public const int StepsMax = 50;

    private const double GradientMax = 1e-8;

    /// <summary>Learns weights.</summary>
    /// <param name="examples">Candidates of held-out users.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="ridge">Weight of |w|², &gt; 0.</param>
    /// <exception cref="ArgumentException">There is no user with both kinds of candidates.</exception>
    public static BlendWeights Learn(BlendExamples examples, BlendLoss loss, double ridge = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ridge);
        if (examples.GroupCount == 0)
            throw new ArgumentException("Weights are learned from at least 1 user with held-out and other candidates; got 0.", nameof(examples));
        int width = examples.Parts.Count + (loss == BlendLoss.Logistic ? 1 : 0);
        var w = Vector<double>.Build.Dense(width);
        var (value, gradient, hessian) = Derivatives(examples, loss, ridge, w);
        for (int step = 0; step < StepsMax && gradient.L2Norm() > GradientMax * examples.GroupCount; step++)
        {
            var direction = hessian.Cholesky().Solve(gradient);
            double length = 1;
            var (next, lower) = (w - direction, Derivatives(examples, loss, ridge, w - direction));
            while (lower.Value > value - 1e-4 * length * direction.DotProduct(gradient) && length > 1e-6)
            {
                length /= 2;
                next = w - length * direction;
                lower = Derivatives(examples, loss, ridge, next);
            }
            (w, value, gradient, hessian) = (next, lower.Value, lower.Gradient, lower.Hessian);
        }
        var weights = examples.Parts.Select((name, p) => (name, w[p])).ToDictionary(p => p.name, p => p.Item2, StringComparer.Ordinal);
        return new(weights, loss == BlendLoss.Logistic ? w[width - 1] : 0);
    }

    /// <summary>ln(1 + e^−x), without overflow.</summary>
    internal static double LogLoss(double x) => x > 0 ? Math.Log(1 + Math.Exp(-x)) : -x + Math.Log(1 + Math.Exp(x));

    private static (double Value, Vector<double> Gradient, Matrix<double> Hessian) Derivatives(BlendExamples examples, BlendLoss loss, double ridge, Vector<double> w)
    {
        var sums = new LossSums(w);
        for (int group = 0; group < examples.GroupCount; group++)
        {
            if (loss == BlendLoss.Logistic)
                AddLogistic(examples, group, sums);
            else
                AddPairs(examples, group, sums);
        }
        return sums.With(ridge * examples.GroupCount, examples.Parts.Count);
    }

    private static void AddLogistic(BlendExamples examples, int group, LossSums sums)
    {
        var (start, end) = examples.Group(group);
        int held = Enumerable.Range(start, end - start).Count(examples.IsHeldOut);
        var f = new double[examples.Parts.Count + 1];
        f[^1] = 1;
        for (int n = start; n < end; n++)
        {
            examples.ScoresOf(n).CopyTo(f);
            bool isHeldOut = examples.IsHeldOut(n);
            sums.Add(f, isHeldOut ? 1 : -1, 0.5 / (isHeldOut ? held : end - start - held));
        }
    }

    private static void AddPairs(BlendExamples examples, int group, LossSums sums)
    {
        var (start, end) = examples.Group(group);
        int[] all = [.. Enumerable.Range(start, end - start)], held = [.. all.Where(examples.IsHeldOut)], others = [.. all.Where(n => !examples.IsHeldOut(n))];
        double weight = 1.0 / ((double)held.Length * others.Length);
        var f = new double[examples.Parts.Count];
        foreach (int a in held)
            foreach (int b in others)
            {
                System.Numerics.Tensors.TensorPrimitives.Subtract(examples.ScoresOf(a), examples.ScoresOf(b), f);
                sums.Add(f, 1, weight);
            }
    }

    /// <summary>A logistic loss with its first and second derivatives at one point.</summary>
    private sealed class LossSums(Vector<double> at)
    {
        private readonly double[] _w = at.ToArray(), _gradient = new double[at.Count], _hessian = new double[at.Count * at.Count];
        private double _value;

        public void Add(ReadOnlySpan<double> f, double sign, double weight)
        {
            double s = 0;
            for (int i = 0; i < f.Length; i++)
                s += _w[i] * f[i];
            double p = 1 / (1 + Math.Exp(sign * s)), curve = weight * p * (1 - p);
            _value += weight * LogLoss(sign * s);
            for (int i = 0; i < f.Length; i++)
            {
                _gradient[i] -= weight * sign * p * f[i];
                for (int j = 0; j <= i; j++)
                    _hessian[i * f.Length + j] += curve * f[i] * f[j];
            }
        }

        public (double, Vector<double>, Matrix<double>) With(double ridge, int parts)
        {
            int n = _w.Length;
            double value = _value;
            for (int i = 0; i < n; i++)
            {
                // The bias is hardly bound: it only has to be unique.
                double own = i < parts ? ridge : ridge * 1e-3;
                value += own * _w[i] * _w[i] / 2;
                _gradient[i] += own * _w[i];
                _hessian[i * n + i] += own;
                for (int j = 0; j < i; j++)
                    _hessian[j * n + i] = _hessian[i * n + j];
            }
            return (value, Vector<double>.Build.DenseOfArray(_gradient), Matrix<double>.Build.DenseOfColumnMajor(n, n, _hessian));
        }
    }
}
