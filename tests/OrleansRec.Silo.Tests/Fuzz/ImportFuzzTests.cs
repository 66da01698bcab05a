using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Tests.Import;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>
/// Goal: no file whatever makes an import crash, hang or keep what breaks the rules, and every line read is counted once. Method: files made by seed and
/// number; the failing one's number is in the message.
/// </summary>
public sealed class ImportFuzzTests
{
    private const int Seed = 5;
    private const int ProblemsListedMax = 20;

    private static readonly TimeSpan limit = TimeSpan.FromSeconds(60);

    private static int Files => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1" ? 10_000 : 2_000;

    [Fact]
    public async Task AnyFile_IsImportedOrRefusedByName()
    {
        var files = new FuzzedFiles(Seed);
        var problems = new List<string>();
        long accepted = 0, rejected = 0, refused = 0;
        await Parallel.ForAsync(0, Files, async (n, _) =>
        {
            (ImportFormat format, byte[] content) = files[n];
            var sink = new MemorySink();
            string? problem = null;
            try
            {
                ImportReport report = await ImportedText.Run(content, format, sink).WaitAsync(limit);
                Interlocked.Add(ref accepted, report.Accepted);
                Interlocked.Add(ref rejected, report.RejectedLines);
                if (report.Lines != report.Accepted + report.Duplicates + report.RejectedLines)
                    problem = $"{report.Lines} lines, but {report.Accepted} accepted, {report.Duplicates} duplicates and {report.RejectedLines} rejected";
            }
            catch (BadInputException e)
            {
                Interlocked.Increment(ref refused);
                if (e.Field.Length == 0 || e.Rule.Length == 0)
                    problem = $"refused without a reason: {e}";
            }
            catch (Exception e)
            {
                problem = e.ToString();
            }
            problem ??= sink.Events.Select(Violation).FirstOrDefault(v => v is not null);
            if (problem is not null)
            {
                lock (problems)
                    problems.Add($"file {n} of seed {Seed} ({format}, {content.Length} bytes): {problem}");
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{Files} files: {accepted} events accepted, {rejected} lines rejected, {refused} files refused.");
        Assert.True(problems.Count == 0, $"{problems.Count} problems:\n{string.Join('\n', problems.Take(ProblemsListedMax))}");
        Assert.True(accepted > Files, $"Only {accepted} events of {Files} files were accepted: the files are too broken to test much.");
        Assert.True(rejected > Files && refused > 0);
    }

    private static string? Violation(EventRecord e) =>
        EventRules.CheckEvent(e.UserId, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, null, EventTypeRules.Default, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) is { } broken
            ? $"kept an event whose {broken.Field} '{broken.Value}' {broken.Rule}" : null;
}
