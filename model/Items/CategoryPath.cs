namespace OrleansRec.Model.Items;

/// <summary>A category as a path from the widest to the narrowest, such as <c>Home &gt; Garden</c>: a condition on <c>Home</c> holds for it too.</summary>
/// <remarks>The separator is " &gt; ", a space on each side, so that a name such as "Price&gt;100" stays one name. Worked example: the prefixes of "A &gt; B &gt; C" are "A", "A &gt; B" and itself.</remarks>
public static class CategoryPath
{
    /// <summary>What stands between two names.</summary>
    public const string Separator = " > ";

    /// <summary>At most so many names in a path.</summary>
    public const int NamesMax = 16;

    /// <summary>How many names a path has; 1 for a plain category.</summary>
    public static int CountNames(string path)
    {
        int names = 1;
        for (int at = 0; (at = path.IndexOf(Separator, at, StringComparison.Ordinal)) >= 0; at += Separator.Length)
            names++;
        return names;
    }

    /// <summary>Whether some name of a path is empty or only spaces.</summary>
    public static bool HasEmptyName(string path)
    {
        for (int at = 0; ;)
        {
            int end = path.IndexOf(Separator, at, StringComparison.Ordinal);
            if (path.AsSpan(at, (end < 0 ? path.Length : end) - at).IsWhiteSpace())
                return true;
            if (end < 0)
                return false;
            at = end + Separator.Length;
        }
    }

    /// <summary>The place where the path above a path ends: <c>path[..end]</c> is that path; −1 for the widest.</summary>
    /// <param name="path">The path.</param>
    /// <param name="length">How much of it counts, in characters.</param>
    public static int EndOfParent(string path, int length) => path.AsSpan(0, length).LastIndexOf(Separator);

    /// <summary>The path without empty names and without spaces around names: " Home  >  Garden > " is "Home > Garden".</summary>
    /// <param name="path">As the shop writes it.</param>
    public static string Normal(string path) =>
        path.Contains(Separator, StringComparison.Ordinal)
            ? string.Join(Separator, path.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : path.Trim();

    /// <summary>Whether a path is another or lies below it; both as <see cref="Normal"/> has them.</summary>
    /// <param name="path">The longer one.</param>
    /// <param name="ancestor">The shorter one.</param>
    public static bool IsWithin(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal)
        && (path.Length == ancestor.Length || path.AsSpan(ancestor.Length).StartsWith(Separator, StringComparison.Ordinal));
}
