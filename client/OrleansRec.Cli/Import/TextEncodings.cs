using System.Text;

namespace OrleansRec.Cli.Import;

/// <summary>Encodings of text files: by name, by byte order mark, and by what the bytes can be.</summary>
/// <remarks>
/// A file that is UTF-8 but for a few bytes is damaged UTF-8, and its damaged lines are refused; a file whose bytes above 127 hardly ever make UTF-8 is Windows-1252, which holds Latin-1. Between
/// the two the caller must say.
/// </remarks>
internal static class TextEncodings
{
    /// <summary>As many bytes are looked at, unpacked. What comes after them is refused line by line where it is not valid.</summary>
    public const long ScanBytesMax = 256L << 20;

    // One kind of sequence outnumbers the other at least so many times, or the file is neither.
    private const int SureRatio = 20;

    private static readonly Encoding Utf16Le = new UnicodeEncoding(false, true), Utf16Be = new UnicodeEncoding(true, true);

    /// <summary>UTF-8, in which readers work.</summary>
    public static Encoding Utf8 { get; } = new UTF8Encoding(false);

    /// <summary>The encoding of a name.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static Encoding Parse(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => Utf8,
        "utf-16" or "utf-16le" or "utf16" => Utf16Le,
        "utf-16be" => Utf16Be,
        "latin1" or "latin-1" or "iso-8859-1" => Encoding.Latin1,
        "windows-1252" or "cp1252" or "ansi" => CodePage(1252)!,
        _ => CodePage(name) ?? throw new BadInputException("encoding", name, "must be utf-8, utf-16, latin1, windows-1252 or another name of an encoding"),
    };

    /// <summary>Finds the encoding of a stream, which is read and not rewound.</summary>
    /// <returns>The encoding, and why; null where the bytes could be either.</returns>
    public static (Encoding? Encoding, string Why) Detect(Stream stream)
    {
        var counts = new SequenceCounts();
        byte[] buffer = new byte[1 << 16];
        long read = 0;
        for (int kept = 0; read < ScanBytesMax;)
        {
            int count = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            var bytes = buffer.AsSpan(0, kept + count);
            if (read == 0 && (ByMark(bytes) ?? ByZeros(bytes)) is { } known)
                return known;
            read += count;
            bool isLast = count == 0 || kept + count < buffer.Length;
            kept = counts.Add(bytes, isLast);
            if (isLast)
                break;
            bytes[^kept..].CopyTo(buffer);
        }
        return Judge(counts);
    }

    /// <summary>A stream of UTF-8 without a byte order mark.</summary>
    public static Stream ToUtf8(Stream stream, Encoding encoding) =>
        encoding.CodePage == Utf8.CodePage ? stream : Encoding.CreateTranscodingStream(stream, encoding, Utf8);

    private static (Encoding?, string) Judge(SequenceCounts counts) => counts switch
    {
        { Broken: 0, Valid: 0 } => (Utf8, "only ASCII"),
        { Broken: 0 } => (Utf8, "every byte is valid UTF-8"),
        var c when c.Valid >= SureRatio * c.Broken => (Utf8, $"{c.Valid} valid characters beyond ASCII and {c.Broken} broken ones"),
        var c when c.Broken >= SureRatio * c.Valid => (CodePage(1252), $"{c.Broken} bytes beyond ASCII are no UTF-8"),
        var c => (null, $"{c.Valid} characters beyond ASCII are UTF-8 and {c.Broken} are not"),
    };

    private static (Encoding?, string)? ByMark(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? (Utf8, "byte order mark")
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? (Utf16Le, "byte order mark")
        : head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? (Utf16Be, "byte order mark")
        : null;

    // Text in UTF-16 without a mark: of the first characters, every second byte is 0.
    private static (Encoding?, string)? ByZeros(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length & ~1, 64)];
        int even = 0, odd = 0;
        for (int i = 0; i < head.Length; i++)
        {
            even += i % 2 == 0 && head[i] == 0 ? 1 : 0;
            odd += i % 2 == 1 && head[i] == 0 ? 1 : 0;
        }
        return head.Length < 8 ? null
            : odd >= head.Length / 2 * 3 / 4 && even == 0 ? (Utf16Le, "every second byte is 0")
            : even >= head.Length / 2 * 3 / 4 && odd == 0 ? (Utf16Be, "every second byte is 0")
            : null;
    }

    private static Encoding? CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number);

    private static Encoding? CodePage(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Counts characters beyond ASCII that are UTF-8, and bytes that are not.</summary>
    private sealed class SequenceCounts
    {
        public long Valid { get; private set; }

        public long Broken { get; private set; }

        /// <summary>Counts, and returns how many bytes at the end begin a character that may go on in the next block.</summary>
        public int Add(ReadOnlySpan<byte> bytes, bool isLast)
        {
            while (true)
            {
                int at = bytes.IndexOfAnyExceptInRange((byte)0, (byte)127);
                if (at < 0)
                    return 0;
                bytes = bytes[at..];
                var status = Rune.DecodeFromUtf8(bytes, out _, out int used);
                if (status == System.Buffers.OperationStatus.NeedMoreData && !isLast)
                    return bytes.Length;
                if (status == System.Buffers.OperationStatus.Done)
                    Valid++;
                else
                    Broken++;
                bytes = bytes[used..];
            }
        }
    }
}
