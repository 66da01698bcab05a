using OrleansRec.Contracts;

namespace OrleansRec.Grains.Serving;

/// <summary>An <see cref="ItemFilter"/> with its categories as numbers. An empty list of categories is no condition.</summary>
public readonly struct FilterTest(ItemFilter filter, CategoryTable categories)
{
    private readonly int[] wanted = Array.ConvertAll(filter.Categories ?? [], categories.Find);
    private readonly int[] unwanted = Array.ConvertAll(filter.NotCategories ?? [], categories.Find);

    /// <summary>Whether an item may appear. A price that is unknown (NaN) meets no condition on it.</summary>
    public bool Passes(double price, long stock, int[] itemCategories) =>
        (wanted.Length == 0 || HasAny(itemCategories, wanted))
        && (unwanted.Length == 0 || !HasAny(itemCategories, unwanted))
        && (filter.PriceMin is not { } least || price >= least)
        && (filter.PriceMax is not { } most || price <= most)
        && (filter.InStock is not true || stock > 0);

    private static bool HasAny(int[] has, int[] any)
    {
        foreach (int category in has)
            if (any.AsSpan().Contains(category))
                return true;
        return false;
    }
}
