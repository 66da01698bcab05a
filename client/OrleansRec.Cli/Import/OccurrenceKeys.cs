using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>
/// Gives each line the key that makes it an event of its own: its content, and how often that content came before it in the file. So the same
/// file, in any order, gives the same keys, and lines that repeat each other stay apart.
/// </summary>
internal sealed class OccurrenceKeys
{
    /// <summary>A file has at most this many lines, 12 bytes of memory each; a larger one is to be split.</summary>
    public const int LinesMax = 500_000_000;

    private readonly HashSet64 _seen = new();
    private readonly Dictionary<ulong, uint> _repeats = [];

    /// <summary>The key of a line that has passed the rules of events.</summary>
    public ulong KeyOf(in ImportLine line)
    {
        ulong content = ContentKey.Of(line.User!, line.Item!, line.Type!, line.Session, line.TimeMs, line.Value ?? 1);
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
}
