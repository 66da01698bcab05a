namespace OrleansRec.Cli.Import;

/// <summary>A file of interactions, open, with what was found about it.</summary>
public sealed class OpenedFile : IDisposable
{
    private readonly IRecords _records;

    internal OpenedFile(ILineSource lines, FileFindings found, ImportWarnings warnings, IRecords records) => (Lines, Found, Warnings, _records) = (lines, found, warnings, records);

    /// <summary>Its lines, from the first on.</summary>
    public ILineSource Lines { get; }

    /// <summary>What was found.</summary>
    public FileFindings Found { get; }

    /// <summary>Counts what is accepted although it looks odd, while lines are read.</summary>
    public ImportWarnings Warnings { get; }

    /// <summary>Columns that nobody reads; of JSON Lines those seen up to now.</summary>
    public IReadOnlyList<string> Unread => _records.OtherNames is { Count: > 0 } others ? [.. others.Order(StringComparer.Ordinal)] : Found.Unread;

    /// <summary>Quotes inside fields that do not begin with one; they are kept as text.</summary>
    public long StrayQuotes => _records.StrayQuotes;

    /// <inheritdoc/>
    public void Dispose() => Lines.Dispose();
}

/// <summary>Opens files of interactions: finds out how they are laid out, then reads them.</summary>
public static class InteractionReading
{
    /// <summary>Opens a file.</summary>
    /// <param name="plan">The file, and how it is read.</param>
    /// <param name="catalogue">Learns titles and prices, where the layout has them; null: nobody.</param>
    /// <param name="onRead">Told how many bytes of the file have been read.</param>
    /// <exception cref="BadInputException">The file cannot be read, or is not what the options say.</exception>
    /// <exception cref="UnsureFileException">No format was given, and something is not sure that an option decides.</exception>
    public static OpenedFile Open(ImportPlan plan, Catalogue? catalogue = null, Action<long>? onRead = null)
    {
        var decision = FileDecision.Of(plan, FileHead.Read(plan.Path, plan.Read));
        var times = new TimeReader(decision.Options.TimeFormat, decision.Options.DayOrder, decision.Options.TimeZone);
        var scan = Scan(decision, times);
        times.Order = scan.Settle(decision.Options.DayOrder, decision.Layout?.DayOrder ?? DayOrder.Unknown);
        if (decision.IsDetected && decision.Options.DecimalMark == '.' && scan.HasDecimalCommas)
            decision = decision with { Options = decision.Options with { DecimalMark = ',' } };
        var found = decision.IsDetected ? Findings(decision, scan, times) with { Preview = Preview(decision, scan, times) } : Findings(decision, scan, times);
        if (decision.IsDetected && found.Doubts.Count > 0)
            throw new UnsureFileException(found);
        var warnings = new ImportWarnings();
        var records = decision.Open(onRead);
        return new(Lines(decision, scan, times, warnings, records, catalogue), found, warnings, records);
    }

    private static ColumnScan Scan(FileDecision decision, TimeReader times)
    {
        using var records = decision.Open();
        var fields = decision.Fields(records);
        if (!decision.Options.Types.IsEmpty && fields.Type.Length == 0)
            throw new BadInputException("types", "", $"needs a column that says the type: --columns type=..., one of {string.Join(", ", records.Columns)}");
        return ColumnScan.Of(records, fields, times, decision.Options.DecimalMark);
    }

    private static ILineSource Lines(FileDecision decision, ColumnScan scan, TimeReader times, ImportWarnings warnings, IRecords records, Catalogue? catalogue)
    {
        try
        {
            if (decision.Layout is { Format: ImportFormat.OnlineRetail })
                return new OnlineRetailLines(records, times, decision.Options.Kept, warnings, catalogue);
            var (fields, options) = (decision.Fields(records), decision.Options);
            return new EventLines(records, fields, new()
            {
                Type = decision.Type, TypeWithoutValue = decision.Layout?.TypeWithoutValue, Types = options.Types, Missing = options.Missing, Kept = options.Kept,
                DecimalMark = options.DecimalMark, StripsUser = scan.StripsUser, StripsItem = scan.StripsItem,
            }, times, warnings);
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    private static List<ImportLine> Preview(FileDecision decision, ColumnScan scan, TimeReader times)
    {
        using var lines = Lines(decision, scan, times, new(), decision.Open(), null);
        var preview = new List<ImportLine>();
        try
        {
            var line = new ImportLine();
            while (preview.Count < FileFindings.PreviewLines && lines.Read(ref line))
                preview.Add(line);
        }
        catch (BadInputException)
        {
            // Told when the file is read.
        }
        return preview;
    }

    private static FileFindings Findings(FileDecision decision, ColumnScan scan, TimeReader times)
    {
        using var records = decision.Open();
        var fields = decision.Fields(records);
        string NameOf(int column) => records.Columns.Count > 0 ? records.Columns[column] : $"{column + 1}";
        string Names(int[] columns) => string.Join('|', columns.Select(NameOf));
        var parts = new[] { fields.User, fields.Item, fields.Value, fields.Time, fields.Type, fields.Session, fields.Event }.Zip(ImportColumns.EventParts, (columns, part) => (part, columns));
        bool isJson = decision.IsJson;
        var read = fields.All.Concat(decision.Where(records).Select(w => w.Column)).ToHashSet();
        if (decision.Layout is { Format: ImportFormat.OnlineRetail })
            read.UnionWith(Enumerable.Range(0, records.Columns.Count).Where(i => records.Columns[i] is "Description" or "Quantity" or "UnitPrice" or "Price"));
        return new()
        {
            Format = ImportFormats.NameOf(decision.Format), Layout = decision.Layout?.Title, HasHeader = decision.HasHeader,
            Encoding = decision.Head.IsParquet ? "" : $"{decision.Head.Encoding.WebName} ({decision.Head.EncodingWhy})",
            Separator = decision.Separator is { } separator ? $"{separator.Shown} ({decision.SeparatorWhy})" : null,
            Columns = [.. parts.Where(p => p.columns.Length > 0 && (!isJson || decision.Columns.Names(p.part))).Select(p => KeyValuePair.Create(p.part, Names(p.columns)))],
            Unread = isJson ? [] : [.. Enumerable.Range(0, records.Columns.Count).Where(i => !read.Contains(i)).Select(NameOf)],
            Type = fields.Type.Length > 0 && !isJson ? $"as the column {Names(fields.Type)} says" : decision.Type,
            Times = scan.Times(times.Order, decision.Options.TimeZone), Doubts = [.. Doubts(decision, scan, records)],
        };
    }

    private static IEnumerable<FileDoubt> Doubts(FileDecision decision, ColumnScan scan, IRecords records)
    {
        if (scan.DoubtsTimes)
            yield return new("time-format", scan.BrokenTime, "must say how times are written, such as yyyyMMdd; many are not read as they are (or leave the column out with --columns)");
        if (decision.Layout is not null || decision.IsJson)
            yield break;
        foreach (string part in new[] { "user", "item" })
        {
            var names = records.Columns.Where(c => decision.Columns.NamesOf(part).Any(n => ImportColumns.Same(n, c))).ToList();
            if (names.Count > 1 && !decision.Columns.Names(part))
                yield return new("columns", string.Join(", ", names), $"must say which of these columns is the {part}: --columns {part}=...");
        }
    }
}
