using OrleansRec.Bench.Goals;

namespace OrleansRec.Bench.Http;

/// <summary>Two servers under the same kind of load, in turns.</summary>
/// <param name="Own">Requests a second of the product, attempt by attempt.</param>
/// <param name="Other">The same of what it is compared with.</param>
internal sealed record LoadTurns(Attempts Own, Attempts Other)
{
    public Attempts Ratios => Own.Over(Other);

    public static LoadTurns Measure(ShopLoad own, ShopLoad other, int attempts, TimeSpan duration)
    {
        double[] owns = new double[attempts], others = new double[attempts];
        for (int attempt = 0; attempt < attempts; attempt++)
            (others[attempt], owns[attempt]) = (other.Saturate(duration).PerSecond, own.Saturate(duration).PerSecond);
        return new(new(owns), new(others));
    }

    public string Text => $"{Own.Text("N0", "/s")} and {Other.Text("N0", "/s")}";
}
