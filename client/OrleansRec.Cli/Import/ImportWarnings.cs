namespace OrleansRec.Cli.Import;

/// <summary>What was accepted although it looks odd: how often, and where first. Used by the reader's thread.</summary>
public sealed class ImportWarnings
{
    /// <summary>Different warnings are at most this many; further ones are counted together.</summary>
    public const int KindsMax = 64;

    private const string Others = "other warnings";
    private readonly SortedDictionary<string, RejectionCount> _counts = new(StringComparer.Ordinal);

    /// <summary>The warnings by text.</summary>
    public IReadOnlyDictionary<string, RejectionCount> Counts => _counts;

    /// <summary>Counts one.</summary>
    public void Count(string text, long line, long times = 1)
    {
        if (times == 0)
            return;
        string kind = _counts.ContainsKey(text) || _counts.Count < KindsMax ? text : Others;
        var known = _counts.GetValueOrDefault(kind, new(0, line));
        _counts[kind] = new(known.Count + times, known.FirstLine);
    }
}
