using System.Globalization;

namespace OrleansRec.Azure;

/// <summary>An append blob of a stream's log, by its name: its number and the first record that it may hold.</summary>
internal readonly record struct Segment(string Name, long Number, long FirstSequence)
{
    public static Segment Of(string stream, long number, long firstSequence) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Prefix(stream)}{number:D12}-{firstSequence:D18}"), number, firstSequence);

    public static Segment Parse(string name)
    {
        string[] parts = name[(name.LastIndexOf('/') + 1)..].Split('-');
        return new(name, long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>'!' is in no stream's name, so that no stream's blobs begin with another's.</summary>
    public static string Prefix(string stream) => $"{stream}/!log/";

    public static string SnapshotPrefix(string stream) => $"{stream}/!snapshot/";
}
