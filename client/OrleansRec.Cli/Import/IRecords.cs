namespace OrleansRec.Cli.Import;

/// <summary>What a field of a record holds.</summary>
internal enum FieldKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>Text, or a number as text.</summary>
    Plain,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>An array or object, as the JSON text that it is.</summary>
    Nested,
}

/// <summary>A file as records of fields in columns, whatever its layout.</summary>
internal interface IRecords : IDisposable
{
    /// <summary>The names of the columns, in their order; empty where the file names none.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Line where the current record starts, from 1; of Parquet the row.</summary>
    long Line { get; }

    /// <summary>Fields of the current record.</summary>
    int FieldCount { get; }

    /// <summary>Why the current record cannot be used, or null.</summary>
    Rejection? Broken { get; }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="BadInputException">The file is broken from here on.</exception>
    bool Read();

    /// <summary>A field as UTF-8; empty where it is missing. Valid until the next record.</summary>
    ReadOnlySpan<byte> Bytes(int column);

    /// <summary>A field as text.</summary>
    string Text(int column);

    /// <summary>What a field holds.</summary>
    FieldKind Kind(int column);

    /// <summary>Whether fields can be absent, and not only empty, or hold arrays and objects.</summary>
    bool HasKinds => false;

    /// <summary>Columns that the reader has passed over because nobody asked for them.</summary>
    IReadOnlyCollection<string> OtherNames => [];

    /// <summary>Quotes inside fields that do not begin with one; they are kept as text.</summary>
    long StrayQuotes => 0;
}
