using System.Globalization;

namespace OrleansRec.Bench.Goals;

/// <summary>How a goal's two numbers are printed.</summary>
internal enum GoalUnit
{
    /// <summary>A share of something that the same run measured, printed in per cent.</summary>
    Share,

    /// <summary>A multiple of something that the same run measured.</summary>
    Times,

    /// <summary>A count, such as events a second.</summary>
    Count,

    Microseconds,
    Milliseconds,
    Seconds,
    Megabytes,
}

/// <summary>One claim, and what this run measured of it: the median of all attempts is compared with the bound.</summary>
/// <param name="Point">The claim's number in docs/PERFORMANCE.md.</param>
/// <param name="Name">What was measured, on which data.</param>
/// <param name="Wanted">The bound.</param>
/// <param name="Measured">What came out.</param>
/// <param name="Unit">Of both.</param>
/// <param name="IsFloor">Whether the bound is the least that is good, and not the most.</param>
/// <param name="Remark">The absolute figures behind a fraction, or a condition of the measurement.</param>
internal sealed record Goal(int Point, string Name, double Wanted, Attempts Measured, GoalUnit Unit, bool IsFloor, string Remark)
{
    public static Goal AtLeast(int point, string name, double wanted, Attempts measured, GoalUnit unit, string remark = "") =>
        new(point, name, wanted, measured, unit, true, remark);

    public static Goal AtMost(int point, string name, double wanted, Attempts measured, GoalUnit unit, string remark = "") =>
        new(point, name, wanted, measured, unit, false, remark);

    /// <summary>A claim that is met or not, such as two answers being equal.</summary>
    public static Goal Of(int point, string name, bool holds, string remark = "") =>
        new(point, name, 1, new([holds ? 1 : 0]), GoalUnit.Share, true, remark);

    public bool Holds => IsFloor ? Measured.Median >= Wanted : Measured.Median <= Wanted;

    public string WantedText => (IsFloor ? "≥ " : "≤ ") + Text(Wanted);

    public string MedianText => Text(Measured.Median);

    /// <summary>The least and the most of all attempts.</summary>
    public string SpreadText => Measured.Count == 1 ? "1 attempt" : $"{Text(Measured.Least)} – {Text(Measured.Most)}, {Measured.Count} attempts";

    private string Text(double value) => Unit switch
    {
        GoalUnit.Share => Format($"{value * 100:0.0} %"),
        GoalUnit.Times => value >= 100 ? Format($"{value:N0} times") : Format($"{value:0.00} times"),
        GoalUnit.Count => Format($"{value:N0}"),
        GoalUnit.Microseconds => Format($"{value:0.0} µs"),
        GoalUnit.Milliseconds => Format($"{value:0.0} ms"),
        GoalUnit.Seconds => Format($"{value:0.00} s"),
        _ => Format($"{value:N0} MB"),
    };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
