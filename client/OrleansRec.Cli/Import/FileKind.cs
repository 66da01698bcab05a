using System.IO.Compression;

namespace OrleansRec.Cli.Import;

/// <summary>What a file is by its first bytes.</summary>
internal enum FileKind
{
    /// <summary>Text, as far as the first bytes tell.</summary>
    Text,

    /// <summary>Gzip, whatever is in it.</summary>
    Gzip,

    /// <summary>A zip archive of data files.</summary>
    Zip,

    /// <summary>Parquet.</summary>
    Parquet,
}

/// <summary>Tells kinds of file apart, and names those that are no data files together with what to do.</summary>
internal static class FileKinds
{
    /// <summary>As many bytes are looked at: a tar archive says its name at byte 257.</summary>
    public const int HeadBytes = 512;

    private const string Unpack = "unpack it first; a single file in gzip or zip is read as it is";

    private static readonly (byte[] Start, string What, string Todo)[] Others =
    [
        ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook (.xls)", "save the sheet as CSV UTF-8 in the spreadsheet program"),
        ("BZh"u8.ToArray(), "a bzip2 file", Unpack), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", Unpack), ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", Unpack),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive", Unpack), ("Rar!"u8.ToArray(), "a RAR archive", Unpack), ("%PDF"u8.ToArray(), "a PDF document", "export the table as CSV"),
        ("Obj\u0001"u8.ToArray(), "an Avro file", "export it as Parquet, JSON Lines or CSV"), ("ORC"u8.ToArray(), "an ORC file", "export it as Parquet, JSON Lines or CSV"),
        ("SQLite format 3"u8.ToArray(), "a SQLite database", "export the table as CSV"), ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "export the table as Parquet or CSV"),
        ("ARROW1"u8.ToArray(), "an Arrow file", "write it as Parquet"), ([0x93, 0x4E, 0x55, 0x4D], "a NumPy file", "export it as CSV"),
        ("<!DOCTYPE"u8.ToArray(), "a web page", "download the data file itself"), ("<html"u8.ToArray(), "a web page", "download the data file itself"),
        ("<?xml"u8.ToArray(), "an XML document", "export it as JSON Lines or CSV"), ("PARE"u8.ToArray(), "an encrypted Parquet file", "write it without encryption"),
    ];

    /// <summary>The kind of a file.</summary>
    /// <param name="head">Its first <see cref="HeadBytes"/> bytes, or all of them.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="BadInputException">It is something that is known and cannot be read.</exception>
    public static FileKind Of(ReadOnlySpan<byte> head, string path)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return FileKind.Gzip;
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
            return FileKind.Zip;
        if (head.StartsWith("PAR1"u8))
            return FileKind.Parquet;
        RefuseOthers(head, path);
        return FileKind.Text;
    }

    /// <summary>Refuses what is known and cannot be read, also inside an archive.</summary>
    public static void RefuseOthers(ReadOnlySpan<byte> head, string path)
    {
        foreach (var (start, what, todo) in Others)
            if (head.StartsWith(start))
                throw new BadInputException("file", path, $"is {what}: {todo}");
        if (head.Length >= 262 && head[257..262].SequenceEqual("ustar"u8))
            throw new BadInputException("file", path, $"is a tar archive: {Unpack}");
    }

    /// <summary>Names the programs that write zip archives of their own.</summary>
    public static void RefuseOffice(ZipArchive archive, string path)
    {
        if (archive.Entries.Any(e => e.FullName.StartsWith("xl/", StringComparison.Ordinal)))
            throw new BadInputException("file", path, "is an Excel workbook (.xlsx): save the sheet as CSV UTF-8 in the spreadsheet program");
        if (archive.Entries.Any(e => e.FullName is "content.xml"))
            throw new BadInputException("file", path, "is an OpenDocument file: save the sheet as CSV in UTF-8 in the spreadsheet program");
        if (archive.Entries.Any(e => e.FullName is "word/document.xml"))
            throw new BadInputException("file", path, "is a Word document: save the table as CSV");
    }
}
