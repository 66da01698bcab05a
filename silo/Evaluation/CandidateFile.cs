using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Evaluation;

/// <summary>One line of a leave-one-out benchmark.</summary>
/// <param name="UserId">The user.</param>
/// <param name="HeldOut">The item to find.</param>
/// <param name="Items">It and the sampled negatives, each once.</param>
internal sealed record CandidateLine(string UserId, string HeldOut, string[] Items);

/// <summary>Reads user, held-out item and negatives, separated by tabs, from each line.</summary>
internal static class CandidateFile
{
    public static List<CandidateLine> Read(string path)
    {
        var lines = new List<CandidateLine>();
        using var reader = new StreamReader(InteractionFile.Open(path));
        int number = 0;
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (text.Length == 0)
                continue;
            string[] fields = text.Split('\t');
            if (fields.Length < 3 || fields.Any(f => f.Length == 0))
                throw new BadInputException("candidates", $"line {number}", "must hold user, held-out item and at least one negative, separated by tabs");
            string[] items = [.. fields[1..].Distinct()];
            if (items.Length > ListOptions.KMax)
                throw new BadInputException("candidates", $"line {number}", $"must name at most {ListOptions.KMax} items");
            lines.Add(new(fields[0], fields[1], items));
        }
        return lines.Count > 0 ? lines : throw new BadInputException("candidates", path, "must hold at least one line");
    }
}
