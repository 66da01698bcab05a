using MathNet.Numerics.Random;

namespace OrleansRec.Model.Evaluation;

/// <summary>A mean with the range that resampling gives it.</summary>
/// <param name="Mean">The mean over users.</param>
/// <param name="Low">The 2.5th percentile of the resampled means.</param>
/// <param name="High">The 97.5th percentile.</param>
public readonly record struct Interval(double Mean, double Low, double High);

/// <summary>Percentile bootstrap over users (Efron and Tibshirani 1993, chapter 13), seeded.</summary>
public static class Bootstrap
{
    /// <summary>Resamples by default.</summary>
    public const int ResamplesDefault = 10_000;

    /// <summary>The mean of a figure over users with its 95 % range.</summary>
    /// <param name="figures">One figure a user, at least one.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="resamples">How many samples of as many users, with replacement.</param>
    /// <exception cref="ArgumentException">There is no user.</exception>
    public static Interval Of(double[] figures, int seed, int resamples = ResamplesDefault)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        if (figures.Length == 0)
            throw new ArgumentException("A bootstrap needs at least 1 user; got 0.", nameof(figures));
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var means = new double[resamples];
        for (int sample = 0; sample < resamples; sample++)
        {
            double sum = 0;
            for (int n = 0; n < figures.Length; n++)
                sum += figures[random.Next(figures.Length)];
            means[sample] = sum / figures.Length;
        }
        Array.Sort(means);
        return new(figures.Average(), means[(int)(0.025 * resamples)], means[(int)Math.Ceiling(0.975 * resamples) - 1]);
    }

    /// <summary>The mean difference of two models on the same users, with its 95 % range: each user's pair of figures stays together.</summary>
    /// <param name="figures">Of the one model, a figure a user.</param>
    /// <param name="others">Of the other, of the same users in the same order.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="resamples">How many samples.</param>
    /// <exception cref="ArgumentException">The users differ in number.</exception>
    public static Interval OfDifference(double[] figures, double[] others, int seed, int resamples = ResamplesDefault) =>
        figures.Length == others.Length
            ? Of([.. figures.Zip(others, (a, b) => a - b)], seed, resamples)
            : throw new ArgumentException($"Both models are measured on the same users; got {figures.Length} and {others.Length}.", nameof(others));
}
