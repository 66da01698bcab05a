namespace OrleansRec.Model.Items;

/// <summary>Categories as paths from the broadest to the narrowest: "Home &gt; Garden &gt; Tools".</summary>
public static class CategoryPath
{
    private const string Separator = " > ";

    /// <summary>The path with one space on each side of every "&gt;", and without empty steps: "Home&gt;Garden&gt;" is "Home &gt; Garden".</summary>
    /// <param name="path">As the shop writes it.</param>
    public static string Normal(string path) =>
        path.Contains('>') ? string.Join(Separator, path.Split('>', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : path.Trim();

    /// <summary>Whether a path is another or lies below it; both as <see cref="Normal"/> has them.</summary>
    /// <param name="path">The longer one.</param>
    /// <param name="ancestor">The shorter one.</param>
    public static bool IsWithin(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal)
        && (path.Length == ancestor.Length || path.AsSpan(ancestor.Length).StartsWith(Separator, StringComparison.Ordinal));
}
