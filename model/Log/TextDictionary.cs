namespace OrleansRec.Model.Blobs;

/// <summary>Writes each text of one kind once in a blob: 0 and the text where it is new, after that its number, from 1.</summary>
internal sealed class TextDictionary
{
    private readonly Dictionary<string, int> _numbers = [];
    private string? _last;
    private int _lastNumber;

    public void Clear()
    {
        _numbers.Clear();
        _last = null;
    }

    public void Write(BlobWriter blob, string text)
    {
        // Runs of one user, type or session are the rule in imports.
        if (text == _last)
        {
            blob.Varint((ulong)_lastNumber);
            return;
        }
        if (_numbers.TryGetValue(text, out int number))
        {
            blob.Varint((ulong)number);
        }
        else
        {
            number = _numbers.Count + 1;
            _numbers.Add(text, number);
            blob.Varint(0);
            blob.Text(text);
        }
        (_last, _lastNumber) = (text, number);
    }

    /// <summary>Reads one text; <paramref name="known"/> holds those read before.</summary>
    public static string Read(ref BlobReader blob, List<string> known)
    {
        int number = blob.Int32("number of a text");
        if (number > known.Count)
            throw new CorruptLogException(blob.Position, $"the number of a text must be at most {known.Count}; got {number}");
        if (number > 0)
            return known[number - 1];
        string text = blob.Text();
        known.Add(text);
        return text;
    }
}
