using System.Text;

namespace OrleansRec.Cli.Import;

/// <summary>The beginning of a file, unpacked and in UTF-8, with what is known of its encoding.</summary>
internal sealed class FileHead
{
    /// <summary>As much of a file is looked at to find its layout.</summary>
    public const int BytesMax = 256 << 10;

    private const int LinesMax = 200;

    private FileHead(string path, ReadOptions options)
    {
        (Path, Options) = (path, options);
        using (var file = InteractionFile.OpenPacked(path))
            IsParquet = InteractionFile.KindOf(file) == FileKind.Parquet;
        (Encoding, EncodingWhy, Utf8) = (TextEncodings.Utf8, "", []);
        if (IsParquet)
            return;
        RefusePacked();
        (Encoding, EncodingWhy) = FindEncoding();
        using var text = OpenText();
        Utf8 = ReadStart(text);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How it is read.</summary>
    public ReadOptions Options { get; }

    /// <summary>Whether it is Parquet, which has no text.</summary>
    public bool IsParquet { get; }

    /// <summary>The encoding.</summary>
    public Encoding Encoding { get; private set; }

    /// <summary>How it is known.</summary>
    public string EncodingWhy { get; private set; }

    /// <summary>The first bytes of the text.</summary>
    public byte[] Utf8 { get; }

    /// <summary>Whether that is all of it.</summary>
    public bool IsWhole => Utf8.Length + 3 < BytesMax;

    /// <summary>The first lines that are whole.</summary>
    public IReadOnlyList<string> Lines => _lines ??= SplitLines();

    private string[]? _lines;

    /// <summary>Reads the head.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or its encoding cannot be told.</exception>
    public static FileHead Read(string path, ReadOptions options) => new(path, options);

    /// <summary>Opens the whole text.</summary>
    public Stream OpenText(Action<long>? onRead = null) => TextEncodings.ToUtf8(InteractionFile.Open(Path, onRead, Options.Entry), Encoding);

    // What is in an archive must be text: only one packing is taken off, and Parquet is read from its end.
    private void RefusePacked()
    {
        byte[] start = new byte[FileKinds.HeadBytes];
        using var stream = InteractionFile.Open(Path, entry: Options.Entry);
        int length = 0;
        try
        {
            length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (BadInputException)
        {
            // Told when the file is read.
        }
        if (FileKinds.Of(start.AsSpan(0, length), Path) is var kind and not FileKind.Text)
            throw new BadInputException("file", Path, $"must hold text: it is {kind} within an archive; unpack it first");
    }

    private (Encoding, string) FindEncoding()
    {
        if (Options.Encoding is { } name)
            return (TextEncodings.Parse(name), "--encoding");
        using var stream = InteractionFile.Open(Path, entry: Options.Entry);
        try
        {
            var (found, why) = TextEncodings.Detect(stream);
            return (found ?? throw new BadInputException("encoding", Path, $"must be given with --encoding: {why}"), why);
        }
        catch (BadInputException e) when (e.Field == "file")
        {
            // Cut short or damaged: the reader tells where, after the lines before it.
            return (TextEncodings.Utf8, "the file is damaged");
        }
    }

    private static byte[] ReadStart(Stream text)
    {
        byte[] bytes = new byte[BytesMax / 16];
        int length = 0;
        try
        {
            for (int count; length < BytesMax && (count = text.Read(bytes.AsSpan(length))) > 0;)
            {
                length += count;
                if (length == bytes.Length && length < BytesMax)
                    Array.Resize(ref bytes, 2 * bytes.Length);
            }
        }
        catch (BadInputException)
        {
        }
        int start = bytes.AsSpan(0, length).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        return bytes[start..length];
    }

    private string[] SplitLines()
    {
        string[] lines = System.Text.Encoding.UTF8.GetString(Utf8).Split('\n', LinesMax + 1);
        bool isLastCut = lines.Length > LinesMax || !IsWhole;
        return [.. lines.Take(isLastCut ? lines.Length - 1 : lines.Length).Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0)];
    }
}
