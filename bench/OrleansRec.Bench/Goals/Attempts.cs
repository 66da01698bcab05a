using System.Globalization;

namespace OrleansRec.Bench.Goals;

/// <summary>What every attempt at one measurement gave, in the order in which they were made. Their number is fixed beforehand, and all of them count.</summary>
/// <param name="Values">One figure an attempt, at least one.</param>
internal sealed record Attempts(IReadOnlyList<double> Values)
{
    private readonly double[] _sorted = [.. Values.Order()];

    public int Count => Values.Count;

    public double Least => _sorted[0];

    public double Most => _sorted[^1];

    /// <summary>The figure that counts; with an even number of attempts the mean of the two in the middle.</summary>
    public double Median => Count % 2 == 1 ? _sorted[Count / 2] : (_sorted[Count / 2 - 1] + _sorted[Count / 2]) / 2;

    /// <summary>Makes a fixed number of attempts, one after another.</summary>
    public static Attempts Of(int count, Func<double> attempt) => new([.. Enumerable.Range(0, count).Select(_ => attempt())]);

    /// <summary>One figure of each of several measurements that were made together.</summary>
    public static Attempts Of<T>(IEnumerable<T> measurements, Func<T, double> figure) => new([.. measurements.Select(figure)]);

    /// <summary>Each attempt here over the one that was made beside it there.</summary>
    public Attempts Over(Attempts other) =>
        Count == other.Count
            ? new([.. Values.Zip(other.Values, (own, others) => own / others)])
            : throw new ArgumentException($"Pairs need as many attempts on both sides; got {Count} and {other.Count}.", nameof(other));

    /// <summary>The first attempts, as many as the other side has.</summary>
    public Attempts First(int count) => new([.. Values.Take(count)]);

    public Attempts Times(double factor) => new([.. Values.Select(v => v * factor)]);

    /// <summary>Median, and least to most in brackets.</summary>
    public string Text(string format, string unit = "") => string.Create(
        CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)}{unit} ({Least.ToString(format, CultureInfo.InvariantCulture)} – {Most.ToString(format, CultureInfo.InvariantCulture)})");
}
