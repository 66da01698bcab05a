using System.Buffers.Binary;
using System.Text;
using OrleansRec.Model;

namespace OrleansRec.Silo.Import;

/// <summary>
/// Gives each line the key that makes it an event of its own: its content, and how often that content came before it in the file. So the same
/// file, in any order, gives the same keys, and lines that repeat each other stay apart.
/// </summary>
internal sealed class OccurrenceKeys
{
    /// <summary>A file has at most this many lines, 12 bytes of memory each; a larger one is to be split.</summary>
    public const int LinesMax = 500_000_000;

    private const int TextBytesMax = IdHash.IdBytesMax;
    private readonly HashSet64 _seen = new();
    private readonly Dictionary<ulong, uint> _repeats = [];

    /// <summary>The key of a line that has passed the rules of events.</summary>
    public ulong KeyOf(in ImportLine line)
    {
        ulong content = Hash(line);
        if (_seen.Add(content))
        {
            if (_seen.Count > LinesMax)
                throw new BadInputException("file", $"{_seen.Count} lines", $"must have at most {LinesMax} different lines: split it");
            return content;
        }
        uint occurrence = _repeats.GetValueOrDefault(content) + 1;
        _repeats[content] = occurrence;
        return IdHash.Mix(content ^ IdHash.Mix(occurrence));
    }

    private static ulong Hash(in ImportLine line)
    {
        Span<byte> bytes = stackalloc byte[4 * (TextBytesMax + 2) + 18];
        int length = 0;
        Put(line.User, bytes, ref length);
        Put(line.Item, bytes, ref length);
        Put(line.Type, bytes, ref length);
        Put(line.Session, bytes, ref length);
        // Without a time of its own a line is the same event whenever it is imported.
        bytes[length] = line.TimeMs is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(length + 1)..], line.TimeMs ?? 0);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[(length + 9)..], line.Value ?? 1);
        return IdHash.Of(bytes[..(length + 17)]);
    }

    // Lengths go before texts, so that no two lines run together to the same bytes. The rules hold texts to TextBytesMax.
    private static void Put(string? text, Span<byte> bytes, ref int length)
    {
        int count = text is null ? 0 : Encoding.UTF8.GetBytes(text, bytes[(length + 2)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[length..], text is null ? ushort.MaxValue : (ushort)count);
        length += 2 + count;
    }
}
