namespace OrleansRec.Model.Ranking;

/// <summary>Scenarios that every tenant has from the start; one that it stores under the same name takes the place of the built-in one.</summary>
public static class BuiltInScenarios
{
    private const string Als = "als", ItemItem = "item-item", Together = "bought-together", Content = "content", PopularPart = "popular", Trending = "trending";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, ListScenario> All { get; } = new ListScenario[]
    {
        new() { Name = "home" },
        new() { Name = "item", ContextFirst = true, Parts = [new(ItemItem, Weight: 1), new(Content, Weight: 0.5), new(Together, Weight: 0.5), new(Als, Weight: 0.5)] },
        new() { Name = "cart", ContextFirst = true, Parts = [new(Together, Weight: 1), new(ItemItem, Weight: 0.5), new(Als, Weight: 0.25)], Rules = [Variety] },
        new() { Name = "after-purchase", ContextFirst = true, Parts = [new(Together, Weight: 1), new(ItemItem, Weight: 0.5), new(Als, Weight: 0.5)] },
        new() { Name = "email", Rules = [Variety] },
        new() { Name = "search", IncludeSeen = true },
        new() { Name = "coupons", Kinds = ["coupon"], IncludeSeen = true, Parts = [new(Als, Weight: 1), new(Content, Weight: 1), new(PopularPart, Weight: 0.25)] },
        new() { Name = "stores", Kinds = ["store"], IncludeSeen = true, Parts = [new(Als, Weight: 1), new(Content, Weight: 1), new(PopularPart, Weight: 0.25)] },
        new() { Name = "ads", Kinds = ["ad"], IncludeSeen = true, Parts = [new(Als, Weight: 1), new(Content, Weight: 1), new(PopularPart, Weight: 0.25)] },
        new() { Name = "content", Kinds = ["content"], Parts = [new(Als, Weight: 1), new(Content, Weight: 0.5), new(Trending, Weight: 0.5)] },
    }.ToDictionary(s => s.Name, StringComparer.Ordinal);

    private static ListRule Variety => new() { Name = "(variety)", Kind = RuleKind.Diversity, Lambda = 0.8 };
}
