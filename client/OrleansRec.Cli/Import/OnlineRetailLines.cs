using System.Collections.Frozen;
using System.Text;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>
/// Invoice lines of the UCI Online Retail data sets (Chen 2015 and 2019): each kept line is one purchase with the invoice as its session.
/// </summary>
/// <remarks>Kept are lines with a customer, not cancelled, with quantity and price above 0, of a stock code that is goods.</remarks>
internal sealed class OnlineRetailLines : ILineSource
{
    private const string Type = "purchase";
    private static readonly FrozenSet<string> NotGoods = FrozenSet.ToFrozenSet(
        ["POST", "D", "DOT", "M", "m", "BANK CHARGES", "PADS", "CRUK", "C2", "S", "AMAZONFEE", "B", "ADJUST", "ADJUST2", "TEST001", "TEST002"]);

    private readonly IRecords _records;
    private readonly TimeReader _times;
    private readonly Catalogue? _catalogue;
    private readonly IdLeniency _kept;
    private readonly ImportWarnings _warnings;
    private readonly int _invoice, _stock, _description, _quantity, _date, _price, _customer, _fieldCountMin;
    private readonly string _customerName, _priceName, _invoiceName;

    /// <summary>Finds the columns, which the two editions name differently.</summary>
    /// <param name="records">The lines.</param>
    /// <param name="times">Reads times.</param>
    /// <param name="kept">Ids that are taken although they look like a mistake.</param>
    /// <param name="warnings">Counts what is accepted although it looks odd.</param>
    /// <param name="catalogue">Learns titles and prices of the kept lines, or null.</param>
    public OnlineRetailLines(IRecords records, TimeReader times, IdLeniency kept, ImportWarnings warnings, Catalogue? catalogue)
    {
        (_records, _times, _kept, _warnings, _catalogue) = (records, times, kept, warnings, catalogue);
        (_invoiceName, _invoice) = Column("InvoiceNo", "Invoice");
        (_priceName, _price) = Column("UnitPrice", "Price");
        (_customerName, _customer) = Column("CustomerID", "Customer ID");
        (_stock, _description, _quantity, _date) = (Column("StockCode").At, Column("Description").At, Column("Quantity").At, Column("InvoiceDate").At);
        _fieldCountMin = 1 + new[] { _invoice, _stock, _description, _quantity, _date, _price, _customer }.Max();
    }

    /// <inheritdoc/>
    public bool Read(ref ImportLine line)
    {
        if (!_records.Read())
            return false;
        line = new() { Number = _records.Line, Type = Type, Value = 1 };
        if (_records.Broken is { } broken)
            line.Rejected = broken;
        else if (_records.FieldCount < _fieldCountMin)
            line.Reject(EventLines.TooFewColumns, "line", $"{_records.FieldCount} of {_fieldCountMin}");
        else
            Take(ref line);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private (string Name, int At) Column(params string[] names)
    {
        for (int i = 0; i < _records.Columns.Count; i++)
            if (names.FirstOrDefault(n => n.Equals(_records.Columns[i], StringComparison.OrdinalIgnoreCase)) is { } name)
                return (name, i);
        throw new BadInputException("format", "online-retail", $"must have the column {string.Join(" or ", names)}");
    }

    private void Take(ref ImportLine line)
    {
        var customer = _records.Bytes(_customer);
        if (customer.IsEmpty)
            line.Reject($"no {_customerName}", _customerName, "");
        else if (_records.Bytes(_invoice) is [(byte)'C', ..])
            line.Reject("cancelled invoice", _invoiceName, _records.Text(_invoice));
        else if (!NumberText.TryRead(_records.Bytes(_quantity), '.', out double quantity))
            line.Reject("Quantity must be a number", "Quantity", _records.Text(_quantity));
        else if (!(quantity > 0))
            line.Reject("Quantity must be above 0", "Quantity", _records.Text(_quantity));
        else if (!NumberText.TryRead(_records.Bytes(_price), '.', out double price))
            line.Reject($"{_priceName} must be a number", _priceName, _records.Text(_price));
        else if (!(price > 0))
            line.Reject($"{_priceName} must be above 0", _priceName, _records.Text(_price));
        else
            TakeGoods(customer, price, ref line);
    }

    private void TakeGoods(ReadOnlySpan<byte> customer, double price, ref ImportLine line)
    {
        string item = IdCleaning.Trimmed(_records.Text(_stock), "item", _kept, _warnings, line.Number);
        line.Item = item;
        if (NotGoods.Contains(item))
        {
            line.Reject("StockCode is not goods", "StockCode", item);
            return;
        }
        // Customers are whole numbers that a spreadsheet wrote as 17850.0.
        string user = customer.EndsWith(".0"u8) ? Encoding.UTF8.GetString(customer[..^2]) : _records.Text(_customer);
        line.User = IdCleaning.Trimmed(user, "user", _kept, _warnings, line.Number);
        line.Session = IdCleaning.Trimmed(_records.Text(_invoice), "session", _kept, _warnings, line.Number);
        line.TimeMs = _times.Read(_records.Bytes(_date), out string? broken);
        string title = _records.Text(_description);
        if (broken is not null)
            line.Reject(broken, "time", _records.Text(_date));
        else if (line.User.Contains('\uFFFD') || item.Contains('\uFFFD') || title.Contains('\uFFFD'))
            line.Reject("text must be valid UTF-8; --encoding names another encoding", "line", $"{line.User} {item} {title}");
        else
            _catalogue?.Learn(item, title, price, line.TimeMs!.Value);
    }
}
