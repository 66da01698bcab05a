using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Gathers records of an item shard's log into one blob, for one batch of the store. Not thread-safe.</summary>
public sealed class ItemLogWriter
{
    private readonly BlobWriter _blob = new(BlobKind.ItemLog);
    private readonly TextDictionary _labels = new();

    /// <summary>Records gathered.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Bytes of the blob so far.</summary>
    public long Bytes => _blob.Length;

    /// <summary>Adds or replaces an item.</summary>
    public void Put(in LoggedItem item)
    {
        ItemCoding.Write(_blob, _labels, in item);
        RecordCount++;
    }

    /// <summary>Deletes an item.</summary>
    public void Delete(string itemId)
    {
        ItemCoding.WriteDeleted(_blob, itemId);
        RecordCount++;
    }

    /// <summary>The blob of everything gathered; the writer is empty after it.</summary>
    public byte[] Seal()
    {
        byte[] blob = _blob.SealToArray();
        Clear();
        return blob;
    }

    /// <summary>Drops what was gathered.</summary>
    public void Clear()
    {
        _blob.Clear();
        _labels.Clear();
        RecordCount = 0;
    }
}
