namespace OrleansRec.Cli.Import;

/// <summary>Finds what separates the fields of a text.</summary>
internal static class Separators
{
    private static readonly Separator[] Candidates = [Separator.Comma, new(";", true), Separator.Tab, new("|", true), new("::", false)];

    /// <summary>The separators that are tried, the given one alone where there is one.</summary>
    public static IReadOnlyList<Separator> Tried(FileHead head, string? given) =>
        given is not null ? [WithQuotes(Separator.Parse(given), head)] : [.. Candidates.Select(c => WithQuotes(c, head))];

    /// <summary>The separator of a file that no known layout fits, and how it is known.</summary>
    /// <param name="head">The file.</param>
    /// <param name="tried">The candidates.</param>
    /// <param name="isHeader">Whether fields can be the file's header.</param>
    public static (Separator Separator, string Why) Choose(FileHead head, IReadOnlyList<Separator> tried, Func<IReadOnlyList<string>, bool> isHeader)
    {
        if (tried.Count == 1)
            return (tried[0], "--separator");
        foreach (var candidate in tried)
            if (isHeader(FirstRecord(head, candidate)))
                return (candidate, "it makes a header whose names are known");
        var best = (Separator: tried[0], Share: 0.0, Fields: 1, Records: 0);
        foreach (var candidate in tried)
        {
            var (share, fields, records) = Consistency(head, candidate);
            if (fields > 1 && (share > best.Share || (share == best.Share && fields > best.Fields)))
                best = (candidate, share, fields, records);
        }
        return (best.Separator, best.Fields > 1 ? $"{best.Fields} fields in {best.Share:P0} of the first {best.Records} lines" : "no other is in the file");
    }

    /// <summary>The fields of the first record.</summary>
    public static IReadOnlyList<string> FirstRecord(FileHead head, Separator separator)
    {
        try
        {
            using var records = new CsvRecords(new MemoryStream(head.Utf8), head.Path, separator, hasHeader: true);
            return records.Columns;
        }
        catch (BadInputException)
        {
            return [];
        }
    }

    // Of the records of the head, the share that has the most frequent number of fields.
    private static (double Share, int Fields, int Records) Consistency(FileHead head, Separator separator)
    {
        var counts = new Dictionary<int, int>();
        int records = 0;
        try
        {
            using var reader = new CsvRecords(new MemoryStream(head.Utf8), head.Path, separator, hasHeader: false);
            while (records < 1000 && reader.Read())
            {
                records++;
                counts[reader.FieldCount] = counts.GetValueOrDefault(reader.FieldCount) + 1;
            }
        }
        catch (BadInputException)
        {
            return (0, 0, 0);
        }
        if (records == 0)
            return (0, 0, 0);
        var (fields, count) = counts.OrderByDescending(c => c.Value).ThenByDescending(c => c.Key).First();
        return ((double)count / records, fields, records);
    }

    // Tabs keep quotes as text, unless the first line has each field in quotes.
    private static Separator WithQuotes(Separator separator, FileHead head) =>
        separator == Separator.Tab && head.Lines is [var first, ..] && first.Split('\t').All(f => f.Length >= 2 && f[0] == '"' && f[^1] == '"') ? separator with { HasQuotes = true } : separator;
}
