using System.Text;
using OrleansRec.Cli.Import;
using OrleansRec.Cli.Tests.Import;
using OrleansRec.Cli.Tests.Layouts;
using OrleansRec.Model;
using OrleansRec.Silo.Tests.Fuzz;

namespace OrleansRec.Cli.Tests.Fuzz;

/// <summary>
/// Goal: no damage to a file of a known layout makes reading crash or hang, keeps what breaks a rule, or loses a line. Method: 2,000 random mutations of each file by seed; each record is an event or
/// left out with a reason, in the order of the lines, and where no quote can hide a line end there is a record for each line.
/// </summary>
public class LayoutFuzzTests
{
    private const int Mutations = 2000, ProblemsListedMax = 20;

    public static TheoryData<string> Files => [.. NamedLayoutTests.Files.Select(f => f.Data.Item1)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Layout_MutatedAtRandom_IsReadOrRefusedByName(string file)
    {
        var found = ReadFile.Path_(NamedLayoutTests.Of(file)).Found;
        byte[] content = File.ReadAllBytes(NamedLayoutTests.Of(file));
        // A file without header is known by nearly all of its lines, so there must be many.
        if (!found.HasHeader)
            content = [.. Enumerable.Repeat(content, 10).SelectMany(c => c)];
        var problems = new List<string>();
        int read = 0, refused = 0;
        Parallel.For(0, Mutations, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            byte[] damaged = ByteMutation.Apply(new Random(seed), content);
            string? problem;
            try
            {
                problem = Problem(ReadFile.Bytes(damaged, seed % 2 == 0 ? null : ImportFormats.Parse(found.Format)), damaged);
                Interlocked.Increment(ref read);
            }
            catch (BadInputException e)
            {
                problem = e.Field.Length == 0 || e.Rule.Length == 0 ? $"refused without a reason: {e}" : null;
                Interlocked.Increment(ref refused);
            }
            catch (Exception e)
            {
                problem = e.ToString();
            }
            if (problem is not null)
            {
                lock (problems)
                    problems.Add($"mutation {seed}: {problem}");
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{read} read, {refused} refused");
        Assert.True(problems.Count == 0, $"{problems.Count} problems:\n{string.Join('\n', problems.Take(ProblemsListedMax))}");
        Assert.True(read > Mutations / 4, $"Only {read} of {Mutations} mutations were read: they break too much to test much.");
    }

    private static string? Problem(ReadFile read, byte[] content)
    {
        long[] lines = [.. read.Events.Concat(read.Rejected).Select(l => l.Number)];
        if (read.Rejected.Any(r => r.Rejected!.Reason.Length == 0))
            return "a line was left out without a reason";
        if (read.Events.FirstOrDefault(Breaks) is { User: { } user })
            return $"kept an event of '{user}' that breaks a rule";
        // Of these no record spans lines, and each line that is not empty is one record; GA4 makes several of one.
        bool isOneEach = read.Found.Format is "jsonl" or "yelp" or "lastfm" or "tsv" || (read.Found.Format is "movielens" && read.Found.Separator?.StartsWith(",", StringComparison.Ordinal) == false);
        int expected = isOneEach ? NonEmptyLines(content, read.Found.Format is "jsonl" or "yelp") : 0;
        return isOneEach && lines.Distinct().Count() + (read.Found.HasHeader ? 1 : 0) != expected ? $"{lines.Distinct().Count()} records of {expected} lines" : null;
    }

    private static bool Breaks(ImportLine e) =>
        EventRules.CheckEvent(e.User, e.Item, e.Type, e.Value, e.TimeMs, e.Session, e.EventId, EventTypeRules.Default, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()) is not null
        || (e.User + e.Item).Contains('\uFFFD');

    // CSV ends lines at a lone carriage return too, and has records of spaces; JSON Lines passes over both.
    private static int NonEmptyLines(byte[] content, bool isJson)
    {
        string text = Encoding.Latin1.GetString(content);
        text = text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? text[3..] : text;
        return isJson ? text.Split('\n').Count(l => l.Trim(' ', '\t', '\r').Length > 0) : text.Split('\n', '\r').Count(l => l.Length > 0);
    }
}
