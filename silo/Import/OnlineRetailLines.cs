using System.Collections.Frozen;
using System.Text;
using CsvHelper;

namespace OrleansRec.Silo.Import;

/// <summary>
/// Invoice lines of the UCI Online Retail data set (Chen 2015): each kept line is one purchase with the invoice as its session.
/// </summary>
/// <remarks>Kept are lines with a customer, not cancelled, with quantity and price above 0, of a stock code that is goods.</remarks>
public sealed class OnlineRetailLines : ILineSource
{
    private const string Type = "purchase";
    private static readonly string[] Columns = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"];
    private static readonly FrozenSet<string> NotGoods = FrozenSet.ToFrozenSet(
        ["POST", "D", "DOT", "M", "m", "BANK CHARGES", "PADS", "CRUK", "C2", "S", "AMAZONFEE", "B"]);

    private readonly CsvReader _csv;
    private readonly Catalogue? _catalogue;
    private readonly int _invoice, _stock, _description, _quantity, _date, _price, _customer, _fieldCountMin;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <param name="catalogue">Learns titles and prices of the kept lines, or null.</param>
    public OnlineRetailLines(Stream stream, string path, Catalogue? catalogue)
    {
        _catalogue = catalogue;
        _csv = CsvReader.Create(stream, CsvFields.Options(',', CsvMode.Rfc4180, hasHeader: true));
        _csv.ReadHeader();
        int[] at = [.. Columns.Select(name => _csv.TryGetFieldIndex(name, out int index) ? index
            : throw new BadInputException("file", path, $"must have the columns {string.Join(", ", Columns)}"))];
        (_invoice, _stock, _description, _quantity, _date, _price, _customer) = (at[0], at[1], at[2], at[3], at[4], at[5], at[6]);
        _fieldCountMin = at.Max() + 1;
    }

    /// <inheritdoc/>
    public bool Read(ref ImportLine line)
    {
        if (!_csv.Read())
            return false;
        line = new() { Number = _csv.LineNumber, Type = Type, Value = 1 };
        if (_csv.FieldCount < _fieldCountMin)
            line.Reject(CsvFields.TooFewColumns, "line", $"{_csv.FieldCount} of {_fieldCountMin}");
        else
            Take(ref line);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private void Take(ref ImportLine line)
    {
        var customer = _csv.GetSpan(_customer);
        if (customer.IsEmpty)
            line.Reject("no CustomerID", "CustomerID", "");
        else if (_csv.GetSpan(_invoice) is [(byte)'C', ..])
            line.Reject("cancelled invoice", "InvoiceNo", _csv.GetString(_invoice));
        else if (!CsvFields.TryNumber(_csv.GetSpan(_quantity), out double quantity))
            line.Reject("Quantity must be a number", "Quantity", _csv.GetString(_quantity));
        else if (!(quantity > 0))
            line.Reject("Quantity must be above 0", "Quantity", _csv.GetString(_quantity));
        else if (!CsvFields.TryNumber(_csv.GetSpan(_price), out double price))
            line.Reject("UnitPrice must be a number", "UnitPrice", _csv.GetString(_price));
        else if (!(price > 0))
            line.Reject("UnitPrice must be above 0", "UnitPrice", _csv.GetString(_price));
        else
            TakeGoods(customer, price, ref line);
    }

    private void TakeGoods(ReadOnlySpan<byte> customer, double price, ref ImportLine line)
    {
        string item = _csv.GetString(_stock);
        line.Item = item;
        if (NotGoods.Contains(item))
        {
            line.Reject("StockCode is not goods", "StockCode", item);
            return;
        }
        // Customers are whole numbers that a spreadsheet wrote as 17850.0.
        line.User = customer.EndsWith(".0"u8) ? Encoding.UTF8.GetString(customer[..^2]) : _csv.GetString(_customer);
        line.Session = _csv.GetString(_invoice);
        CsvFields.TakeTime(_csv.GetSpan(_date), ref line);
        if (line.Rejected is null)
            _catalogue?.Learn(item, _csv.GetString(_description), price, line.TimeMs!.Value);
    }
}
