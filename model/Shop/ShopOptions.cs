namespace OrleansRec.Model;

/// <summary>How large a made-up shop is. The same options make the same shop, to the last event.</summary>
public sealed record ShopOptions
{
    /// <summary>How many users.</summary>
    /// <value>2,000 by default; ≥ 1.</value>
    public int Users { get; init; } = 2_000;

    /// <summary>How many items.</summary>
    /// <value>1,200 by default; ≥ 12, one for each department.</value>
    public int Items { get; init; } = 1_200;

    /// <summary>How many visits all users make; each is about six events.</summary>
    /// <value>20,000 by default; ≥ the number of users, who make at least one visit each.</value>
    public int Sessions { get; init; } = 20_000;

    /// <summary>How many days of history.</summary>
    /// <value>90 by default; ≥ 1.</value>
    public int Days { get; init; } = 90;

    /// <summary>When the history ends: milliseconds since 1970-01-01 UTC.</summary>
    public required long EndMs { get; init; }

    /// <summary>The seed of everything.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names option and value.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Items, ShopCatalogue.Departments.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(Sessions, Users);
        ArgumentOutOfRangeException.ThrowIfLessThan(Days, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(EndMs, (Days + 2) * SeededShop.DayMs, nameof(EndMs));
    }
}
