using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Reads a blob of <see cref="ItemLogWriter"/>, record by record, in order.</summary>
public ref struct ItemLogReader
{
    private readonly List<string> _labels = [];
    private BlobReader _blob;

    /// <summary>Checks the blob as a whole.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public ItemLogReader(ReadOnlySpan<byte> blob) => _blob = new(blob, BlobKind.ItemLog);

    /// <summary>Reads the next record; false at the end.</summary>
    /// <exception cref="CorruptLogException">The content is not what any writer makes.</exception>
    public bool TryRead(out ItemLogRecord record)
    {
        record = default;
        if (_blob.IsAtEnd)
            return false;
        record = ItemCoding.Read(ref _blob, _labels);
        return true;
    }
}
