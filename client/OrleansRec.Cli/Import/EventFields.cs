namespace OrleansRec.Cli.Import;

/// <summary>The columns of each part of an event; of several, the first that is not empty holds it. Empty where the file has none.</summary>
internal sealed record EventFields(int[] User, int[] Item, int[] Value, int[] Time, int[] Type, int[] Session, int[] Event)
{
    /// <summary>Every column that is read.</summary>
    public IEnumerable<int> All => [.. User, .. Item, .. Value, .. Time, .. Type, .. Session, .. Event];

    /// <summary>How many fields a record must have at least.</summary>
    public int FieldCountMin => 1 + All.DefaultIfEmpty(-1).Max();

    /// <summary>Finds the columns among those of a file.</summary>
    /// <exception cref="BadInputException">A named column is not there, or there is none for user or item.</exception>
    public static EventFields Among(IReadOnlyList<string> header, ImportColumns columns)
    {
        int[] Required(string part) => columns.Find(part, header) is { Length: > 0 } found ? found
            : throw new BadInputException("columns", string.Join(",", header.Take(50)), $"must say which column is the {part}: --columns {part}=..., by name, or by number where the file has no header");
        return new(Required("user"), Required("item"), columns.Find("value", header), columns.Find("time", header), columns.Find("type", header), columns.Find("session", header), columns.Find("event", header));
    }

    /// <summary>The columns of JSON lines: every name that a part may have is a column.</summary>
    public static EventFields OfJson(IReadOnlyList<string> names, ImportColumns columns)
    {
        int[] At(string part) => [.. columns.JsonNamesOf(part).Select(name => IndexOf(names, name)).Where(i => i >= 0)];
        return new(At("user"), At("item"), At("value"), At("time"), At("type"), At("session"), At("event"));
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (string.Equals(names[i], name, StringComparison.OrdinalIgnoreCase))
                return i;
        return -1;
    }
}
