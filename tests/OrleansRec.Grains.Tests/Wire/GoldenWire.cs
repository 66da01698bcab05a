using System.Runtime.CompilerServices;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>Bytes of the wire that are kept: one line for each type, its alias and base 64.</summary>
internal static class GoldenWire
{
    /// <summary>Reads a file of the output folder.</summary>
    public static Dictionary<string, byte[]> Read(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => Convert.FromBase64String(l[1]));

    /// <summary>Writes a file into the sources, for the next version to read.</summary>
    public static void Write(string file, IEnumerable<(string Alias, byte[] Bytes)> golden) =>
        File.WriteAllLines(file, golden.Select(g => $"{g.Alias} {Convert.ToBase64String(g.Bytes)}"));

    /// <summary>A path in the sources that this build was made of.</summary>
    public static string InSources(string folder, string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", folder, file));
}
