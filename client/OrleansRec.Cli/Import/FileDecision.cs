using System.Text;
using System.Text.Json;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>How a file of interactions is read: found from its head, its name and the options.</summary>
internal sealed record FileDecision
{
    private const string NotLikeIt = "must look like it";

    public required FileHead Head { get; init; }

    /// <summary>The format that it is read by.</summary>
    public required ImportFormat Format { get; init; }

    public Layout? Layout { get; init; }

    public Separator? Separator { get; init; }

    public string SeparatorWhy { get; init; } = "";

    public bool HasHeader { get; init; }

    public required ImportColumns Columns { get; init; }

    public required ReadOptions Options { get; init; }

    public required string Type { get; init; }

    /// <summary>Whether columns and types were found, and not given.</summary>
    public bool IsDetected { get; init; }

    public bool IsJson => Format == ImportFormat.JsonLines || Layout is { IsJson: true };

    private IEnumerable<string> Carried => Options.CarryForward.Count == 0 ? [] : Options.CarryForward.Concat(Options.Where.Select(w => w.Column)).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Decides.</summary>
    /// <exception cref="BadInputException">The file is not what the options say, or nothing that is known.</exception>
    public static FileDecision Of(ImportPlan plan, FileHead head)
    {
        if (head.IsParquet)
            return OfParquet(plan, head);
        byte first = head.Utf8.AsSpan().TrimStart(" \t\r\n"u8) is [var b, ..] ? b : (byte)0;
        bool mayBeJson = plan.Format is null or ImportFormat.JsonLines || Layouts.All.Any(l => l.Format == plan.Format && l.IsJson);
        if (first == (byte)'[' && mayBeJson)
            throw new BadInputException("file", plan.Path, "must be JSON Lines, one object on each line, and not one JSON array (jq -c '.[]' makes lines of it)");
        if (plan.Format == ImportFormat.JsonLines || (first == (byte)'{' && mayBeJson))
            return OfJson(plan, head);
        return OfText(plan, head);
    }

    /// <summary>Opens the records.</summary>
    public IRecords Open(Action<long>? onRead = null)
    {
        var records = OpenPlain(onRead);
        try
        {
            int[] carried = [.. Carried.Select(name => ColumnOf("carry-forward", name, records.Columns))];
            var where = Where(records);
            if (records is ParquetRecords parquet && Layout?.Format != ImportFormat.OnlineRetail)
                parquet.ReadOnly(Fields(parquet).All.Concat(carried).Concat(where.Select(w => w.Column)));
            records = carried.Length == 0 ? records : new CarriedRecords(records, carried);
            return where.Length == 0 ? records : new ConditionalRecords(records, where);
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>The columns of the parts among those of the records.</summary>
    public EventFields Fields(IRecords records) => IsJson ? EventFields.OfJson(records.Columns, Columns) : EventFields.Among(records.Columns, Columns);

    /// <summary>The conditions with their columns.</summary>
    public (int Column, RowCondition Condition)[] Where(IRecords records) => [.. Options.Where.Select(w => (ColumnOf("where", w.Column, records.Columns), w))];

    private IRecords OpenPlain(Action<long>? onRead)
    {
        if (Head.IsParquet)
            return new ParquetRecords(Head.Path, onRead);
        if (!IsJson)
            return new CsvRecords(Head.OpenText(onRead), Head.Path, Separator!, HasHeader);
        var names = ImportColumns.EventParts.SelectMany(part => Columns.JsonNamesOf(part)).Concat(Options.Where.Select(w => w.Column)).Concat(Options.CarryForward);
        return new JsonRecords(Head.OpenText(onRead), names, Layout?.LayOut);
    }

    private int ColumnOf(string option, string name, IReadOnlyList<string> columns)
    {
        for (int i = 0; i < columns.Count; i++)
            if (string.Equals(columns[i].Trim(), name, StringComparison.OrdinalIgnoreCase))
                return i;
        return !HasHeader && !IsJson && int.TryParse(name, out int number) && number is > 0 and <= 10_000 ? number - 1
            : throw new BadInputException(option, name, $"must name a column of the file, which has {string.Join(", ", columns)}");
    }

    private static FileDecision OfParquet(ImportPlan plan, FileHead head)
    {
        using var records = new ParquetRecords(plan.Path);
        var layout = Known(plan).FirstOrDefault(l => l.HasHeader(records.Columns));
        if (layout is null && plan.Format is { } wanted && Layouts.All.Any(l => l.Format == wanted))
            throw Unlike(plan, wanted);
        return Make(plan, head, ImportFormat.Parquet, layout, records.Columns) with { HasHeader = true };
    }

    private static FileDecision OfJson(ImportPlan plan, FileHead head)
    {
        var names = JsonNames(head);
        var layout = Known(plan).FirstOrDefault(l => l.IsJson && l.HasHeader(names));
        if (layout is null && plan.Format is { } wanted and not ImportFormat.JsonLines)
            throw Unlike(plan, wanted);
        return Make(plan, head, layout?.Format ?? ImportFormat.JsonLines, layout, names);
    }

    private static FileDecision OfText(ImportPlan plan, FileHead head)
    {
        var tried = Separators.Tried(head, plan.Read.Separator);
        foreach (var separator in tried)
        {
            var header = Separators.FirstRecord(head, separator);
            if (Known(plan).FirstOrDefault(l => !l.IsJson && l.HasHeader(header)) is { } named)
                return Make(plan, head, named.Format, named, header) with { Separator = separator, SeparatorWhy = "the header is that of the layout", HasHeader = true };
        }
        if (Known(plan).FirstOrDefault(l => l.LooksLike(head.Lines, isSaid: plan.Format is not null)) is { } shaped)
            return Make(plan, head, shaped.Format, shaped, []) with { Separator = shaped.Separator, SeparatorWhy = "the lines are those of the layout" };
        return plan.Format is null or ImportFormat.Csv or ImportFormat.Tsv ? OfPlainText(plan, head, tried) : throw Unlike(plan, plan.Format.Value);
    }

    private static FileDecision OfPlainText(ImportPlan plan, FileHead head, IReadOnlyList<Separator> tried)
    {
        bool isTsv = plan.Format == ImportFormat.Tsv && plan.Read.Separator is null;
        var (separator, why) = isTsv ? (Separator.Tab, "--format tsv") : Separators.Choose(head, tried, header => IsHeader(plan.Columns, header));
        bool hasHeader = !plan.Columns.ByNumber;
        var header = hasHeader ? Separators.FirstRecord(head, separator) : [];
        return Make(plan, head, separator.Text == "\t" && !separator.HasQuotes ? ImportFormat.Tsv : ImportFormat.Csv, null, header) with
        {
            Separator = separator, SeparatorWhy = why, HasHeader = hasHeader,
        };
    }

    private static bool IsHeader(ImportColumns columns, IReadOnlyList<string> header)
    {
        try
        {
            return !columns.ByNumber && columns.Find("user", header).Length > 0 && columns.Find("item", header).Length > 0;
        }
        catch (BadInputException)
        {
            return false;
        }
    }

    private static IEnumerable<Layout> Known(ImportPlan plan) => plan.Format is { } wanted ? Layouts.All.Where(l => l.Format == wanted)
        : plan.Columns.IsDefault ? Layouts.All : [];

    private static FileDecision Make(ImportPlan plan, FileHead head, ImportFormat format, Layout? layout, IReadOnlyList<string> header)
    {
        var options = plan.Read;
        if (layout is not null)
            options = options with
            {
                Types = options.Types.Or(TypeNames.Parse(layout.Types)), Missing = options.Missing.Count > 0 ? options.Missing : layout.Missing,
                Where = [.. options.Where, .. layout.Where.Select(RowCondition.Parse).Where(w => header.Contains(w.Column, StringComparer.OrdinalIgnoreCase) && !options.Where.Any(o => o.Column.Equals(w.Column, StringComparison.OrdinalIgnoreCase)))],
                CarryForward = options.CarryForward.Count > 0 ? options.CarryForward : [.. layout.CarryForward.Where(c => header.Contains(c, StringComparer.OrdinalIgnoreCase))],
            };
        var columns = layout is null ? plan.Columns : plan.Columns.Or(ImportColumns.Parse(layout.Columns));
        return new()
        {
            Head = head, Format = format, Layout = layout, Columns = columns, Options = options, IsDetected = plan.Format is null,
            Type = plan.Type ?? layout?.Type ?? (plan.Format is null && HasRatings(columns, header) ? EventTypeRules.Rating : EventTypeRules.Interaction),
        };
    }

    // The names that say a value is an opinion: 1 of 5 is no interest.
    private static bool HasRatings(ImportColumns columns, IReadOnlyList<string> header) =>
        !columns.ByNumber && !columns.Names("type") && columns.NamesOf("value") is var names && header.FirstOrDefault(h => names.Any(n => ImportColumns.Same(n, h))) is { } value
        && new[] { "rating", "stars", "score", "bookRating" }.Any(n => ImportColumns.Same(n, value)) && columns.NamesOf("type").All(n => !header.Any(h => ImportColumns.Same(n, h)));

    // Those of the first lines, with those within them.
    internal static List<string> JsonNames(FileHead head)
    {
        var names = new List<string>();
        foreach (string line in head.Lines)
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                    foreach (var property in document.RootElement.EnumerateObject())
                        if (names.Count < JsonRecords.OtherNamesMax && !names.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
                            names.Add(property.Name);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
            }
        }
        return names;
    }

    private static BadInputException Unlike(ImportPlan plan, ImportFormat wanted)
    {
        var layouts = Layouts.All.Where(l => l.Format == wanted).Select(l => l.Header.Length > 0 ? $"{l.Title}: {string.Join(", ", l.Header)}" : $"{l.Title}, without header");
        return new("format", ImportFormats.NameOf(wanted), $"{NotLikeIt}: {plan.Path} has neither the columns nor the lines of {string.Join("; ", layouts)}");
    }
}
