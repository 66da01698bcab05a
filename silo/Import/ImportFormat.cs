namespace OrleansRec.Silo.Import;

/// <summary>How a file of interactions is laid out. Each may be gzipped.</summary>
public enum ImportFormat
{
    /// <summary>RFC 4180, commas.</summary>
    Csv,

    /// <summary>Tabs, no quoting.</summary>
    Tsv,

    /// <summary>One JSON object on each line.</summary>
    JsonLines,

    /// <summary>u.data, ratings.dat or ratings.csv, told apart by the first line.</summary>
    MovieLens,

    /// <summary>Invoice lines of the UCI Online Retail data set.</summary>
    OnlineRetail,
}

/// <summary>The names that formats have on the command line.</summary>
public static class ImportFormats
{
    private static readonly (string Name, ImportFormat Format)[] All =
    [
        ("csv", ImportFormat.Csv), ("tsv", ImportFormat.Tsv), ("jsonl", ImportFormat.JsonLines), ("movielens", ImportFormat.MovieLens),
        ("online-retail", ImportFormat.OnlineRetail),
    ];

    /// <summary>Every name.</summary>
    public static IEnumerable<string> Names => All.Select(f => f.Name);

    /// <summary>The format of a name.</summary>
    /// <exception cref="BadInputException">No format has it.</exception>
    public static ImportFormat Parse(string name)
    {
        foreach (var (known, format) in All)
            if (known == name)
                return format;
        throw new BadInputException("format", name, $"must be one of {string.Join(", ", Names)}");
    }

    /// <summary>What a file looks like from its first line; the demo uses it for a file that comes without a format.</summary>
    public static ImportFormat Sniff(string path)
    {
        using var stream = InteractionFile.Open(path);
        using var reader = new StreamReader(stream);
        string first = reader.ReadLine() ?? "";
        if (first.StartsWith("InvoiceNo,StockCode,", StringComparison.OrdinalIgnoreCase))
            return ImportFormat.OnlineRetail;
        if (first.TrimStart('\uFEFF', ' ').StartsWith('{'))
            return ImportFormat.JsonLines;
        if (first.Contains("::") || first.StartsWith("userId,movieId,", StringComparison.OrdinalIgnoreCase) || IsFourNumbers(first))
            return ImportFormat.MovieLens;
        return first.Contains('\t') ? ImportFormat.Tsv : ImportFormat.Csv;
    }

    private static bool IsFourNumbers(string line)
    {
        string[] fields = line.Split('\t');
        return fields.Length == 4 && fields.All(f => long.TryParse(f, out _));
    }
}
