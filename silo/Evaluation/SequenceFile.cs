using System.Text;
using OrleansRec.Model;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Sequence;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>A file of sequences: one user a line, first the user's id, then the ids of the items in the order of time, separated by spaces or tabs.</summary>
internal sealed record SequenceFile(SequenceRows Rows, string[] UserIds, string[] ItemIds)
{
    /// <summary>The name of the layout on the command line.</summary>
    public const string FormatName = "sequences";

    private const int LineBytesMax = 1 << 20;

    /// <summary>Reads a file; items are numbered in the order of their first appearance.</summary>
    /// <exception cref="BadInputException">A line is too long, not UTF-8 or a user comes twice; or there are fewer than two items.</exception>
    public static SequenceFile Read(string path)
    {
        using var lines = new LineReader(InteractionFile.Open(path), LineBytesMax);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var users = new HashSet<string>(StringComparer.Ordinal);
        var (histories, order) = (new List<int[]>(), new List<string>());
        while (lines.Read(out var line, out bool isTooLong))
        {
            if (isTooLong)
                throw new BadInputException("train", $"{path}, line {lines.Number}", $"must be at most {LineBytesMax} bytes");
            string[] ids = Decode(line, path, lines.Number).Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (ids.Length == 0)
                continue;
            if (!users.Add(ids[0]))
                throw new BadInputException("train", $"{path}, line {lines.Number}", $"must have a user that is on no line before; {ids[0]} is");
            order.Add(ids[0]);
            histories.Add([.. ids.Skip(1).Select(id => NumberOf(numbers, id))]);
        }
        if (numbers.Count < 2)
            throw new BadInputException("train", path, $"must hold at least 2 items; it holds {numbers.Count}");
        return new(SequenceRows.Of(numbers.Count, histories), [.. order], [.. numbers.OrderBy(n => n.Value).Select(n => n.Key)]);
    }

    /// <summary>The same as pairs, one for each user and item with the last place of the item: the file has no times, so places are a day apart.</summary>
    public IReadOnlyList<Interaction> ToPairs()
    {
        var pairs = new List<Interaction>();
        for (int user = 0; user < Rows.Count; user++)
        {
            var lastOf = new Dictionary<int, int>();
            for (int n = 0; n < Rows.LengthOf(user); n++)
                lastOf[Rows[user][n]] = n;
            pairs.AddRange(lastOf.OrderBy(p => p.Value).Select(p => new Interaction(UserIds[user], ItemIds[p.Key], 1, (p.Value + 1L) * HistoryReading.DayMs)));
        }
        return pairs;
    }

    private static int NumberOf(Dictionary<string, int> numbers, string id)
    {
        if (!numbers.TryGetValue(id, out int number))
            numbers[id] = number = numbers.Count;
        return number;
    }

    private static string Decode(ReadOnlySpan<byte> line, string path, long number)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            throw new BadInputException("train", $"{path}, line {number}", "must be UTF-8", e);
        }
    }
}
