using System.Text;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Numbers texts 0, 1, 2, … in the order of their first appearance, and finds the number of a text and the text of a number.</summary>
/// <remarks>
/// The texts lie end to end in one array as UTF-8, and the index is open addressing over numbers, so a text costs its bytes and about 16 more; in a
/// dictionary of strings it would cost its bytes twice and about 80 more. Worked example: after "ab", "c", "d" the bytes are <c>a b c d</c> and the ends [2, 3, 4];
/// "c" is number 1. A table that keeps strings makes each string once and hands the same out again: for ids that are asked for
/// often and are few. One writer; readers on other threads only while nobody writes.
/// </remarks>
public sealed class IdTable
{
    private const int SlotsMin = 16;
    private readonly bool _keepStrings;
    private byte[] _bytes = [];
    private int[] _ends = [];
    private int[] _slots = new int[SlotsMin]; // number + 1; 0 is free
    private string?[] _strings = [];

    /// <summary>An empty table.</summary>
    /// <param name="keepStrings">Whether the same string object is handed out for a number each time.</param>
    public IdTable(bool keepStrings = false) => _keepStrings = keepStrings;

    /// <summary>How many numbers are given.</summary>
    public int Count { get; private set; }

    /// <summary>The text of a number; empty where it was dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 0 … Count − 1.</exception>
    public string this[int number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
            return _keepStrings ? _strings[number] ??= SharedTexts.Of(Encoding.UTF8.GetString(Utf8(number))) : Encoding.UTF8.GetString(Utf8(number));
        }
    }

    /// <summary>The number of a text; −1 where it has none.</summary>
    public int Find(string text)
    {
        Span<byte> utf8 = stackalloc byte[IdHash.IdBytesMax];
        return _slots[Slot(Encode(text, utf8))] - 1;
    }

    /// <summary>The number of a text, a new one where it has none.</summary>
    /// <exception cref="ArgumentException">The text is empty or longer than 256 bytes.</exception>
    public int GetOrAdd(string text)
    {
        Span<byte> buffer = stackalloc byte[IdHash.IdBytesMax];
        var utf8 = Encode(text, buffer);
        int slot = Slot(utf8);
        if (_slots[slot] != 0)
            return _slots[slot] - 1;
        if (2 * (Count + 1) > _slots.Length)
        {
            Index(2 * _slots.Length);
            slot = Slot(utf8);
        }
        int number = Add(utf8);
        _slots[slot] = number + 1;
        if (_keepStrings)
            _strings[number] = SharedTexts.Of(text);
        return number;
    }

    /// <summary>Writes the texts.</summary>
    internal void WriteTo(BlobWriter blob)
    {
        blob.Varint((ulong)Count);
        for (int number = 0; number < Count; number++)
            WriteTo(blob, number, isUsed: true);
    }

    /// <summary>Writes one text; one that is not used is left empty, so that a snapshot does not keep the sessions of an erased user.</summary>
    internal void WriteTo(BlobWriter blob, int number, bool isUsed)
    {
        var utf8 = isUsed ? Utf8(number) : default;
        blob.Varint((ulong)utf8.Length);
        blob.Bytes(utf8);
    }

    internal static IdTable Read(ref BlobReader blob, bool keepStrings)
    {
        var table = new IdTable(keepStrings);
        int count = blob.Count(1, "texts");
        for (int number = 0; number < count; number++)
            table.Add(blob.Bytes(blob.Int32("length of a text")));
        int slots = SlotsMin;
        while (slots < 2 * count)
            slots *= 2;
        table.Index(slots);
        return table;
    }

    private int Add(ReadOnlySpan<byte> utf8)
    {
        int start = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == _ends.Length)
            Array.Resize(ref _ends, Math.Max(8, Count + Count / 2));
        if (_keepStrings && Count == _strings.Length)
            Array.Resize(ref _strings, _ends.Length);
        if (start + utf8.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(start + utf8.Length, _bytes.Length + _bytes.Length / 2));
        utf8.CopyTo(_bytes.AsSpan(start));
        _ends[Count] = start + utf8.Length;
        return Count++;
    }

    private void Index(int slotCount)
    {
        _slots = new int[slotCount];
        for (int number = 0; number < Count; number++)
        {
            var utf8 = Utf8(number);
            if (!utf8.IsEmpty)
                _slots[Slot(utf8)] = number + 1;
        }
    }

    /// <summary>Where the text is, or where it would go.</summary>
    private int Slot(ReadOnlySpan<byte> utf8)
    {
        int mask = _slots.Length - 1;
        int slot = (int)IdHash.Of(utf8) & mask;
        while (_slots[slot] != 0 && !Utf8(_slots[slot] - 1).SequenceEqual(utf8))
            slot = (slot + 1) & mask;
        return slot;
    }

    internal ReadOnlySpan<byte> Utf8(int number)
    {
        int start = number == 0 ? 0 : _ends[number - 1];
        return _bytes.AsSpan(start, _ends[number] - start);
    }

    private static ReadOnlySpan<byte> Encode(string text, Span<byte> buffer)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return Encoding.UTF8.TryGetBytes(text, buffer, out int length)
            ? buffer[..length]
            : throw new ArgumentException($"A text holds at most {IdHash.IdBytesMax} bytes of UTF-8; got {Encoding.UTF8.GetByteCount(text)}.", nameof(text));
    }
}
