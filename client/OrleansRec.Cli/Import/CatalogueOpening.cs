namespace OrleansRec.Cli.Import;

/// <summary>Finds out how a file of items is laid out, and opens it.</summary>
internal static class CatalogueOpening
{
    public static CatalogueFile Open(CataloguePlan plan)
    {
        var head = FileHead.Read(plan.Path, plan.Read);
        if (head.IsParquet)
            return OfParquet(plan);
        byte first = head.Utf8.AsSpan().TrimStart(" \t\r\n"u8) is [var b, ..] ? b : (byte)0;
        if (first == (byte)'[' && plan.Format is null or CatalogueFormat.JsonLines)
            throw new BadInputException("file", plan.Path, "must be JSON Lines, one object on each line, and not one JSON array (jq -c '.[]' makes lines of it)");
        return plan.Format == CatalogueFormat.JsonLines || (plan.Format is null && first == (byte)'{') ? OfJson(plan, head) : OfText(plan, head);
    }

    private static CatalogueFile OfParquet(CataloguePlan plan)
    {
        var records = new ParquetRecords(plan.Path);
        return Opened(records, () => new(plan, records, CatalogueColumns.Among(records.Columns, plan.Columns, 0), CatalogueFormat.Parquet, null, "Parquet"));
    }

    private static CatalogueFile OfJson(CataloguePlan plan, FileHead head)
    {
        var names = FileDecision.JsonNames(head);
        // What is named by an option may come after the head.
        var all = names.Concat(ImportColumns.ItemParts.Where(plan.Columns.Names).SelectMany(part => plan.Columns.NamesOf(part, ofItems: true)));
        var records = new JsonRecords(head.OpenText(), all);
        return Opened(records, () => new(plan, records, CatalogueColumns.Among(records.Columns, plan.Columns, 0), CatalogueFormat.JsonLines, null, head.Encoding.WebName));
    }

    private static CatalogueFile OfText(CataloguePlan plan, FileHead head)
    {
        var tried = Separators.Tried(head, plan.Read.Separator);
        var known = CatalogueLayout.All.Where(l => plan.Format is { } wanted ? l.Format == wanted : plan.Columns.IsDefault).ToList();
        foreach (var separator in tried)
            if (known.Find(l => l.HasHeader(Separators.FirstRecord(head, separator))) is { } named)
                return OfLayout(plan, head, named, separator, hasHeader: true);
        if (known.Find(l => l.LooksLike(head.Lines)) is { } shaped)
            return OfLayout(plan, head, shaped, shaped.Separator!, hasHeader: false);
        if (plan.Format is not (null or CatalogueFormat.Csv))
            throw new BadInputException("format", CatalogueLayout.NameOf(plan.Format.Value), $"must look like it: {plan.Path} has not the columns or lines of {string.Join("; ", known.Select(l => $"{l.Title} {string.Join(", ", l.Header)}".TrimEnd()))}");
        var (found, _) = Separators.Choose(head, tried, header => !plan.Columns.ByNumber && plan.Columns.NamesOf("item", ofItems: true).Any(n => header.Count > 1 && header.Any(h => ImportColumns.Same(n, h))));
        return OfCsv(plan, head, found, !plan.Columns.ByNumber);
    }

    private static CatalogueFile OfLayout(CataloguePlan plan, FileHead head, CatalogueLayout layout, Separator separator, bool hasHeader)
    {
        var csv = new CsvRecords(head.OpenText(), plan.Path, separator, hasHeader);
        return Opened(csv, () =>
        {
            int[] carried = [.. layout.CarryForward.Select(name => csv.Columns.ToList().FindIndex(c => c.Equals(name, StringComparison.OrdinalIgnoreCase))).Where(i => i >= 0)];
            IRecords records = carried.Length == 0 ? csv : new CarriedRecords(csv, carried);
            return new(plan, records, CatalogueColumns.Among(csv.Columns, plan.Columns.Or(ImportColumns.Parse(layout.Columns, ImportColumns.ItemParts)), 0), layout.Format, layout.Title, head.Encoding.WebName);
        });
    }

    private static CatalogueFile OfCsv(CataloguePlan plan, FileHead head, Separator separator, bool hasHeader)
    {
        int fields = hasHeader ? 0 : Separators.FirstRecord(head, separator).Count;
        var records = new CsvRecords(head.OpenText(), plan.Path, separator, hasHeader);
        return Opened(records, () => new(plan, records, CatalogueColumns.Among(records.Columns, plan.Columns, fields), CatalogueFormat.Csv, null, $"{head.Encoding.WebName}, separator {separator.Shown}"));
    }

    private static CatalogueFile Opened(IRecords records, Func<CatalogueFile> open)
    {
        try
        {
            return open();
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }
}
