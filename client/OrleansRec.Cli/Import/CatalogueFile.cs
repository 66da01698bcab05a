using System.Globalization;
using System.Text.Json;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>What items to import and how to read them.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its layout; null: it is found from the file.</param>
/// <param name="Columns">Which column is what; every other column is an attribute.</param>
/// <param name="ListedMax">How many rejected lines to list one by one.</param>
public sealed record CataloguePlan(string Path, CatalogueFormat? Format, ImportColumns Columns, int ListedMax = 0)
{
    /// <summary>How it is read.</summary>
    public ReadOptions Read { get; init; } = ReadOptions.Default;

    /// <summary>The format of a name.</summary>
    /// <exception cref="BadInputException">No format has it.</exception>
    public static CatalogueFormat FormatOf(string name) => CatalogueLayout.Parse(name);

    /// <summary>Every format's name.</summary>
    public static IEnumerable<string> FormatNames => CatalogueLayout.Names;
}

/// <summary>A file of items, open.</summary>
public sealed class CatalogueFile : IDisposable
{
    private const string NoGenres = "(no genres listed)", NotUnicode = "text must be valid UTF-8; --encoding names another encoding";

    private readonly IRecords _records;
    private readonly CatalogueColumns _columns;
    private readonly CataloguePlan _plan;
    private readonly bool _isShopify;

    internal CatalogueFile(CataloguePlan plan, IRecords records, CatalogueColumns columns, CatalogueFormat format, string? layout, string encoding)
    {
        (_plan, _records, _columns, _isShopify) = (plan, records, columns, format == CatalogueFormat.Shopify);
        Found = $"{CatalogueLayout.NameOf(format)}{(layout is null ? "" : $", {layout}")}; {encoding}; {columns.Told(records.Columns)}";
    }

    /// <summary>What was found about the file, in a line.</summary>
    public string Found { get; }

    /// <summary>Counts what is accepted although it looks odd.</summary>
    public ImportWarnings Warnings { get; } = new();

    /// <summary>Properties of JSON Lines that come only after the head, and so are no attributes.</summary>
    public IReadOnlyList<string> Unread => [.. _records.OtherNames.Order(StringComparer.Ordinal)];

    /// <summary>Opens a file.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or is not what the options say.</exception>
    public static CatalogueFile Open(CataloguePlan plan) => CatalogueOpening.Open(plan);

    /// <summary>Reads the next line; false at the end.</summary>
    /// <exception cref="BadInputException">The file is broken from here on.</exception>
    public bool Read(out CatalogueLine line)
    {
        line = default;
        if (!_records.Read())
            return false;
        Rejection? rejected = _records.Broken;
        var row = rejected is null ? Row(ref rejected) : null;
        line = new(_records.Line, rejected is null ? row : null, rejected);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private CatalogueRow? Row(ref Rejection? rejected)
    {
        if (!_records.HasKinds && _records.FieldCount < _columns.FieldCountMin)
        {
            rejected = Rejection.Of(EventLines.TooFewColumns, "line", string.Create(CultureInfo.InvariantCulture, $"{_records.FieldCount} of {_columns.FieldCountMin}"));
            return null;
        }
        if (_isShopify && _columns.Price is { } variant && _records.Bytes(variant).IsEmpty)
        {
            rejected = Rejection.Of("no variant on the line: it adds an image", "line", null);
            return null;
        }
        var row = new CatalogueRow(Id()) { Title = Text(_columns.Title), Categories = Categories(_columns.Categories) };
        TakeNumbers(row, ref rejected);
        TakeAttributes(row);
        if (_isShopify)
            ShopifyProducts.Complete(row);
        rejected ??= Judge(row);
        return row;
    }

    private Rejection? Judge(CatalogueRow row)
    {
        if (TextsOf(row).Any(t => t?.Contains('\uFFFD') == true))
            return Rejection.Of(NotUnicode, "line", $"{row.ItemId} {row.Title}");
        return CatalogueMapping.Check(row) is { } broken ? Rejection.Of($"{broken.Field} {broken.Rule}", broken.Field, broken.Value) : null;
    }

    private static IEnumerable<string?> TextsOf(CatalogueRow row) =>
        [row.ItemId, row.Title, .. row.Categories, .. row.Attributes.Values, row.Details.Brand, row.Details.Group, row.Details.Text, row.Details.Url, row.Details.ImageUrl, .. row.Details.Tags];

    private string Id()
    {
        string id = _columns.Item.Select(c => _records.Text(c)).FirstOrDefault(text => IdTexts.Trim(text).Length > 0, "");
        if (!IdTexts.HasEdgeSpace(id))
            return id;
        Warnings.Count("item: spaces at the edges taken off", _records.Line);
        return IdTexts.Trim(id).ToString();
    }

    private void TakeNumbers(CatalogueRow row, ref Rejection? rejected)
    {
        if (Text(_columns.Price) is { } price)
        {
            if (NumberText.TryRead(System.Text.Encoding.UTF8.GetBytes(price), _plan.Read.DecimalMark, out double value))
                row.Price = value;
            else
                rejected ??= Rejection.Of("price must be a number (--decimal , reads 4,50)", "price", price);
        }
        if (Text(_columns.Stock) is { } stock)
        {
            if (NumberText.TryRead(System.Text.Encoding.UTF8.GetBytes(stock), _plan.Read.DecimalMark, out double pieces) && pieces == Math.Truncate(pieces) && Math.Abs(pieces) < 1e15)
                row.Stock = (long)pieces;
            else
                rejected ??= Rejection.Of("stock must be a whole number", "stock", stock);
        }
        if (Text(_columns.Visible) is { } visible)
        {
            if (TryTruth(visible, out bool isVisible))
                row.IsVisible = isVisible;
            else
                rejected ??= Rejection.Of("visible must be true or false", "visible", visible);
        }
    }

    private void TakeAttributes(CatalogueRow row)
    {
        foreach (int column in _columns.Others)
        {
            if (column >= _records.FieldCount || Text(column) is not { } value)
                continue;
            string name = _records.Columns.Count > 0 ? _records.Columns[column] : string.Create(CultureInfo.InvariantCulture, $"column {column + 1}");
            if (name.Equals("attributes", StringComparison.OrdinalIgnoreCase) && TryObject(value, row))
                continue;
            if (CatalogueDetails.FieldOf(name) is { } field && TakeDetail(row, field, name, value))
                continue;
            AddAttribute(row, name, value);
        }
    }

    private bool TakeDetail(CatalogueRow row, string field, string name, string value)
    {
        if (CatalogueDetails.TryTake(row, field, value, _plan.Read.DecimalMark, out string? why))
            return true;
        if (why is not null)
            Warnings.Count($"{name} kept as an attribute: {why}", _records.Line);
        return false;
    }

    private void AddAttribute(CatalogueRow row, string name, string value)
    {
        if (value.Length > ItemRules.TextCharsMax)
            Warnings.Count($"attribute {name} left out: longer than {ItemRules.TextCharsMax} characters", _records.Line);
        else if (row.Attributes.Count >= ItemRules.AttributesMax)
            Warnings.Count($"attributes beyond {ItemRules.AttributesMax} left out", _records.Line);
        else
            row.Attributes[name] = value;
    }

    // An export writes all attributes of an item as one JSON object.
    private bool TryObject(string value, CatalogueRow row)
    {
        if (value.Length == 0 || value[0] != '{')
            return false;
        try
        {
            using var document = JsonDocument.Parse(value);
            foreach (var property in document.RootElement.EnumerateObject())
                AddAttribute(row, property.Name, property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText());
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private string? Text(int? column)
    {
        if (column is not { } at || _records.Bytes(at).IsEmpty)
            return null;
        string text = _records.Text(at);
        string trimmed = text.Trim(' ', '\u00A0', '\t', '\r', '\n');
        return trimmed.Length == 0 || _plan.Read.Missing.Contains(trimmed) ? null : trimmed;
    }

    private string[] Categories(int? column) => Text(column) is { } text && text != NoGenres ? TextLists.Read(text, '|') : [];

    private static bool TryTruth(string text, out bool value)
    {
        value = text.ToLowerInvariant() is "true" or "1" or "yes" or "y" or "active" or "visible" or "published";
        return value || text.ToLowerInvariant() is "false" or "0" or "no" or "n" or "draft" or "archived" or "hidden" or "inactive";
    }
}
