namespace OrleansRec.Cli.Import;

/// <summary>One line of a file: either the parts of an event, or why it is none.</summary>
public struct ImportLine
{
    /// <summary>Line of the file where it starts, from 1, counting a header.</summary>
    public long Number;

    /// <summary>The parts; null where the file has none.</summary>
    public string? User, Item, Type, Session, EventId;

    /// <summary>Null where the file has none.</summary>
    public double? Value;

    /// <summary>Milliseconds since 1970-01-01 UTC; null where the file has none.</summary>
    public long? TimeMs;

    /// <summary>Why the line is left out, or null.</summary>
    public Rejection? Rejected;

    /// <summary>Leaves the line out.</summary>
    public void Reject(string reason, string field, string? value) => Rejected = Rejection.Of(reason, field, value);
}

/// <summary>Why a line is left out.</summary>
/// <param name="Reason">The same text for the same kind of mistake: reports count by it.</param>
/// <param name="Field">Which part.</param>
/// <param name="Value">What it held, shortened.</param>
public sealed record Rejection(string Reason, string Field, string Value)
{
    /// <summary>A value is shown up to this many characters.</summary>
    public const int ValueCharsMax = 80;

    /// <summary>A reason with a value of any length.</summary>
    public static Rejection Of(string reason, string field, string? value) =>
        new(reason, field, value is null ? "" : value.Length <= ValueCharsMax ? value : value[..ValueCharsMax] + "…");
}

/// <summary>A file as a sequence of lines.</summary>
public interface ILineSource : IDisposable
{
    /// <summary>Reads the next line; false at the end.</summary>
    /// <exception cref="BadInputException">The file is broken from here on.</exception>
    bool Read(ref ImportLine line);
}
