using System.Globalization;
using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard;

/// <summary>Numbers, times and plans as the pages show them.</summary>
public static class Shown
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long value) => value.ToString("N0", Culture);

    /// <summary>A rate or a score: few digits, no exponent for the usual sizes.</summary>
    public static string Number(double value) => value switch
    {
        0 => "0",
        _ when Math.Abs(value) >= 1000 => value.ToString("N0", Culture),
        _ when Math.Abs(value) >= 10 => value.ToString("0.#", Culture),
        _ when Math.Abs(value) >= 1 => value.ToString("0.##", Culture),
        _ when Math.Abs(value) >= 0.01 => value.ToString("0.###", Culture),
        _ => value.ToString("G3", Culture),
    };

    /// <summary>Milliseconds.</summary>
    public static string Milliseconds(double ms) => ms >= 1000 ? $"{Number(ms / 1000)} s" : $"{Number(ms)} ms";

    /// <summary>A loss, with enough digits to see it fall.</summary>
    public static string Loss(double loss) => loss.ToString("G7", Culture);

    /// <summary>A length of time in its two largest units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 10 } => $"{span.TotalSeconds.ToString("0.0", Culture)} s",
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{span.Days} d {span.Hours} h",
    };

    /// <summary>A moment in UTC.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Culture) ?? "–";

    /// <summary>A phase such as solvingUsers as words.</summary>
    public static string Phase(string phase) => phase switch
    {
        "solvingUsers" => "solving users",
        "solvingItems" => "solving items",
        "learningSequences" => "learning sequences",
        _ => phase,
    };

    /// <summary>What matters most of a plan.</summary>
    public static string Plan(TrainingRequest? plan) => plan is null
        ? "–"
        : string.Create(Culture, $"{plan.Objective ?? "implicit"} · k {plan.Rank} · λ {plan.Lambda} · α {plan.Alpha} · {plan.Sweeps} sweeps · seed {plan.Seed}");
}
