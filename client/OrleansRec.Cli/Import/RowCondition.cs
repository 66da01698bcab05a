using System.Text;

namespace OrleansRec.Cli.Import;

/// <summary>A condition on a column: <c>Financial Status=paid|refunded</c> or <c>Country!=DE</c>. Case does not count, nor do spaces at the edges.</summary>
/// <param name="Column">The column's name, or its number in a file without header.</param>
/// <param name="Values">The texts of which the field must be one; an empty one means an empty field.</param>
/// <param name="IsNegated">Whether it must be none of them.</param>
public sealed record RowCondition(string Column, IReadOnlyList<string> Values, bool IsNegated)
{
    /// <summary>Reads the option.</summary>
    /// <exception cref="BadInputException">It has no = or no column.</exception>
    public static RowCondition Parse(string text)
    {
        int equals = text.IndexOf('=');
        bool isNegated = equals > 0 && text[equals - 1] == '!';
        string column = equals < 0 ? "" : text[..(isNegated ? equals - 1 : equals)].Trim();
        return column.Length > 0 ? new(column, text[(equals + 1)..].Split('|', StringSplitOptions.TrimEntries), isNegated)
            : throw new BadInputException("where", text, "must be COLUMN=VALUE, COLUMN=VALUE|VALUE or COLUMN!=VALUE");
    }

    /// <summary>Why a line that does not meet it is left out.</summary>
    public string Reason => $"not --where {Column}{(IsNegated ? "!=" : "=")}{string.Join('|', Values)}";

    internal bool Holds(ReadOnlySpan<byte> field)
    {
        string text = Encoding.UTF8.GetString(field).Trim();
        return Values.Contains(text, StringComparer.OrdinalIgnoreCase) != IsNegated;
    }
}
