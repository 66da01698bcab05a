using System.Runtime.CompilerServices;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>One value of a wire type as a version wrote it.</summary>
/// <param name="Alias">The type.</param>
/// <param name="Bytes">As Orleans' serializer wrote it.</param>
/// <param name="Content">What it held, as JSON.</param>
internal sealed record GoldenWire(string Alias, byte[] Bytes, string Content)
{
    /// <summary>Reads a file of the output folder: a line for each type, alias, base 64 and JSON.</summary>
    public static GoldenWire[] Read(string file) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Select(l => l.Split(' ', 3)).Select(l => new GoldenWire(l[0], Convert.FromBase64String(l[1]), l[2]))];

    /// <summary>Writes a file, for the next version to read.</summary>
    public static void Write(string file, IEnumerable<GoldenWire> golden) =>
        File.WriteAllLines(file, golden.Select(g => $"{g.Alias} {Convert.ToBase64String(g.Bytes)} {g.Content}"));

    /// <summary>A path in the sources that this build was made of.</summary>
    public static string InSources(string folder, string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", folder, file));
}
