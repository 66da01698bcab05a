namespace OrleansRec.Cli.Import;

/// <summary>What the types of a file are called here, such as pv=view,buy=purchase.</summary>
public sealed class TypeNames
{
    private readonly Dictionary<string, string> _names;

    private TypeNames(Dictionary<string, string> names) => _names = names;

    /// <summary>Types are called as in the file.</summary>
    public static TypeNames None { get; } = new([]);

    /// <summary>Whether any type has another name.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>Reads the option; null or empty means <see cref="None"/>.</summary>
    /// <exception cref="BadInputException">A part is not <c>theirs=ours</c>, or names a type twice.</exception>
    public static TypeNames Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || pair[0].Length == 0 || pair[1].Length == 0)
                throw new BadInputException("types", part, "must be THEIRS=OURS, such as pv=view,buy=purchase");
            if (!names.TryAdd(pair[0], pair[1]))
                throw new BadInputException("types", part, $"must name {pair[0]} once");
        }
        return new(names);
    }

    /// <summary>The name here of a type of the file.</summary>
    public string Of(string type) => _names.GetValueOrDefault(type, type);

    /// <summary>The same with others for types that are not named.</summary>
    public TypeNames Or(TypeNames others)
    {
        var all = new Dictionary<string, string>(others._names, StringComparer.OrdinalIgnoreCase);
        foreach (var (theirs, ours) in _names)
            all[theirs] = ours;
        return new(all);
    }
}
