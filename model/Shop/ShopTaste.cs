namespace OrleansRec.Model;

/// <summary>What one made-up user likes: a few departments, and in each of them one or two styles above the others.</summary>
internal sealed class ShopTaste
{
    private const int FavouriteDepartments = 3;

    // The first departments, and in each the first styles, have the most friends: else there would be no bestsellers for everyone.
    private static readonly double[] DepartmentTotals = ShopDice.Totals(ShopCatalogue.Departments.Select((_, n) => 1.0 / (n + 2)));
    private static readonly double[] StyleTotals = ShopDice.Totals([4, 2, 1.5, 1]);

    private readonly double[] _styleTotals;

    public ShopTaste(ShopOptions options, ShopCatalogue catalogue, int user)
    {
        var dice = ShopDice.For(options.Seed, "user", user);
        int styles = ShopCatalogue.StylesEach;
        var weights = new double[ShopCatalogue.Departments.Count * styles];
        // A little curiosity about everything.
        for (int style = 0; style < weights.Length; style++)
            weights[style] = 0.5 / weights.Length;
        for (int n = 0; n < FavouriteDepartments; n++)
        {
            int department = dice.Pick(DepartmentTotals), favourite = dice.Pick(StyleTotals), second = dice.Pick(StyleTotals);
            weights[department * styles + favourite] += 3.0 / (n + 1);
            weights[department * styles + second] += 1.0 / (n + 1);
        }
        for (int style = 0; style < weights.Length; style++)
            weights[style] = catalogue.HasItems(style) ? weights[style] : 0;
        _styleTotals = ShopDice.Totals(weights);
        double sum = _styleTotals[^1];
        Shares = [.. weights.Select(w => w / sum)];
        // Log-normal: a tenth of the users makes about half of the visits.
        Activity = Math.Exp(1.1 * dice.Normal());
    }

    /// <summary>How much of the user's interest each style has; sums to 1.</summary>
    public double[] Shares { get; }

    /// <summary>How often the user visits, against others.</summary>
    public double Activity { get; }

    public int PickStyle(ref ShopDice dice) => dice.Pick(_styleTotals);
}
