namespace OrleansRec.Model;

/// <summary>Hands out one string object for equal texts, so that the tables of many shards do not each keep a copy of every item's id.</summary>
/// <remarks>
/// Lossy: a place holds the text that came last of those whose hashes meet there, so at most <see cref="PlacesMax"/> strings are kept alive, and a text that was
/// displaced is only a copy more. Any number of threads, without a lock: a reference is read and written whole.
/// </remarks>
public static class SharedTexts
{
    /// <summary>Texts that are remembered, at most: a power of two.</summary>
    public const int PlacesMax = 1 << 16;

    private static readonly string?[] s_places = new string?[PlacesMax];

    /// <summary>An equal string: an earlier one where it is remembered, else this one.</summary>
    public static string Of(string text)
    {
        ref string? place = ref s_places[(int)IdHash.Of(text) & (PlacesMax - 1)];
        string? held = place;
        return held is not null && held == text ? held : place = text;
    }
}
