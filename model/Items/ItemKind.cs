namespace OrleansRec.Model.Items;

/// <summary>What an item is. A number is stored and sent, so the values stay as they are.</summary>
public enum ItemKind
{
    /// <summary>Something to buy; the kind of an item that names none.</summary>
    Product = 0,

    /// <summary>A voucher.</summary>
    Coupon = 1,

    /// <summary>A shop or a branch.</summary>
    Store = 2,

    /// <summary>An advertisement.</summary>
    Ad = 3,

    /// <summary>An article, a video, a page.</summary>
    Content = 4,
}

/// <summary>The names of the kinds: product, coupon, store, ad, content.</summary>
public static class ItemKinds
{
    private static readonly string[] s_names = ["product", "coupon", "store", "ad", "content"];

    /// <summary>The names, in the order of the values.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>The name of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static string NameOf(ItemKind kind) =>
        (uint)kind < (uint)s_names.Length ? s_names[(int)kind] : throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind.");

    /// <summary>The kind of a name; product where it is null. Null where there is none.</summary>
    public static ItemKind? Parse(string? name) =>
        name is null ? ItemKind.Product : Array.IndexOf(s_names, name) is >= 0 and int at ? (ItemKind)at : null;
}
