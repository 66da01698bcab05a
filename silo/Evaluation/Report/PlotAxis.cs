using System.Globalization;

namespace OrleansRec.Silo.Evaluation.Report;

/// <summary>One axis: where a value lies between its ends, and which values are marked.</summary>
internal sealed class PlotAxis
{
    private const int MarksWanted = 6;

    private readonly bool isLog;
    private readonly double low, high;

    public PlotAxis(IEnumerable<double> values, bool isLog, bool fromZero)
    {
        this.isLog = isLog;
        double[] all = [.. values];
        double least = all.Min(), most = all.Max();
        if (isLog)
        {
            low = Math.Pow(10, Math.Floor(Math.Log10(least)));
            high = Math.Pow(10, Math.Ceiling(Math.Log10(most)));
        }
        else
        {
            low = fromZero ? Math.Min(0, least) : least;
            high = most;
        }
        if (high <= low)
            high = isLog ? low * 10 : low + 1;
        Marks = [.. isLog ? Decades() : Steps()];
        high = isLog ? high : Math.Max(high, Marks[^1]);
    }

    public IReadOnlyList<double> Marks { get; }

    /// <summary>From 0 at the lower end to 1 at the upper.</summary>
    public double Place(double value) => isLog ? Math.Log(value / low) / Math.Log(high / low) : (value - low) / (high - low);

    public static string Label(double value)
    {
        double size = Math.Abs(value);
        return size >= 1e6 ? Text($"{value / 1e6:0.##} M") : size >= 10_000 ? Text($"{value / 1e3:0.##} k") : Text($"{value:0.####}");
    }

    private IEnumerable<double> Decades()
    {
        for (double mark = low; mark <= high * 1.001; mark *= 10)
            yield return mark;
    }

    /// <summary>Multiples of 1, 2 or 5 times a power of ten, up to the first that is not below the largest value.</summary>
    private IEnumerable<double> Steps()
    {
        double rough = (high - low) / MarksWanted, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * new[] { 1, 2, 5, 10 }.First(factor => factor * power >= rough * 0.999);
        double first = Math.Floor(low / step);
        for (int n = 0; ; n++)
        {
            yield return (first + n) * step;
            if ((first + n) * step >= high * 0.999)
                yield break;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
