using System.Globalization;
using System.Text;
using OrleansRec.Silo.Storage.Pages;
using OrleansRec.Silo.Storage.Verification;

namespace OrleansRec.Silo.Storage;

/// <summary>Says which process holds a data folder: "4711 5f0c…", the process and a checksum, for the message to whoever comes second.</summary>
internal static class HolderFile
{
    private const string Name = "orleansrec.pid";

    public static string PathIn(string folder) => Path.Combine(folder, Name);

    public static void Write(string path) => File.WriteAllText(path, Line(Environment.ProcessId));

    /// <summary>The process; null where the file does not say.</summary>
    public static string? Read(string folder) =>
        File.Exists(PathIn(folder)) && File.ReadAllText(PathIn(folder)).Split(' ') is [var process, _] ? process : null;

    /// <summary>A process that was killed leaves the file behind, which is as it should be; another text than it wrote is not.</summary>
    public static void Check(string folder, FolderReport report)
    {
        if (!File.Exists(PathIn(folder)))
            return;
        byte[] text = File.ReadAllBytes(PathIn(folder));
        bool holds = int.TryParse(Read(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && text.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Line(process)));
        // After a power cut the text may be missing, which nobody needs any more.
        holds |= text.Length == 0;
        // Products before format 3 wrote the bare number.
        if (!holds && !int.TryParse(Encoding.UTF8.GetString(text), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            report.Add(FindingKind.Mendable, Name, "the note of who held the folder last", "does not match its checksum; the next start writes it anew");
    }

    private static string Line(int process)
    {
        string number = process.ToString(CultureInfo.InvariantCulture);
        Span<byte> padded = stackalloc byte[16];
        Encoding.UTF8.GetBytes(number, padded);
        return $"{number} {CommitWitness.Sum(padded):x8}";
    }
}
