using System.Text.Json;

namespace OrleansRec.TestRun;

/// <summary>What is known of one suite's run.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="Program">The assembly's path; null where the suite did not start.</param>
/// <param name="Passed">Number of tests that passed.</param>
/// <param name="SkipReasons">Why tests were skipped, one reason for each.</param>
/// <param name="Failures">The tests that failed.</param>
/// <param name="Errors">What went wrong outside tests, as when a fixture was disposed.</param>
/// <param name="Running">Names of the tests that had begun and not ended.</param>
/// <param name="Duration">From its first test's start to its last test's end; null where it did not get there.</param>
/// <param name="IsComplete">Whether it ran its last test and its process ended by itself. False after a crash, a limit or a kill.</param>
public sealed record SuiteRecord(
    string Name, string? Program, int Passed, IReadOnlyList<string> SkipReasons, IReadOnlyList<FailedTest> Failures, IReadOnlyList<string> Errors, IReadOnlyList<string> Running,
    TimeSpan? Duration, bool IsComplete)
{
    /// <summary>The types of lines that count here; a suite's record has others too.</summary>
    private const string
        SuiteStarting = "test-assembly-starting", SuiteFinished = "test-assembly-finished", TestStarting = "test-starting", TestPassed = "test-passed", TestFailed = "test-failed",
        TestSkipped = "test-skipped", ProcessEnded = "process-ended";

    /// <summary>Reads what tests/Suite/RunRecord.cs has written.</summary>
    /// <param name="name">The suite.</param>
    /// <param name="lines">Its record; empty where there is none. The last line may be cut off.</param>
    public static SuiteRecord Read(string name, IEnumerable<string> lines)
    {
        var names = new Dictionary<string, string>();
        var running = new OrderedDictionary<string, string>();
        var (skipReasons, failures, errors) = (new List<string>(), new List<FailedTest>(), new List<string>());
        string? program = null;
        int passed = 0;
        DateTimeOffset start = default;
        TimeSpan? duration = null;
        bool hasEnded = false;
        foreach (string line in lines)
        {
            if (Parse(line) is not { } message)
                continue;
            string type = Text(message, "$type"), test = Text(message, "TestUniqueID");
            switch (type)
            {
                case SuiteStarting:
                    program = Text(message, "AssemblyPath");
                    start = message.GetProperty("StartTime").GetDateTimeOffset();
                    break;
                case SuiteFinished:
                    duration = message.GetProperty("FinishTime").GetDateTimeOffset() - start;
                    break;
                case TestStarting:
                    names[test] = running[test] = Text(message, "TestDisplayName");
                    break;
                case TestPassed:
                    passed++;
                    running.Remove(test);
                    break;
                case TestSkipped:
                    skipReasons.Add(Text(message, "Reason"));
                    running.Remove(test);
                    break;
                case TestFailed:
                    failures.Add(new(name, Text(message, "TestCaseUniqueID"), names.GetValueOrDefault(test, test), Reason(message)));
                    running.Remove(test);
                    break;
                case ProcessEnded:
                    hasEnded = true;
                    break;
                default:
                    // Of all other messages only those of something that went wrong bring exceptions.
                    if (message.TryGetProperty("ExceptionTypes", out _))
                        errors.Add($"{type}: {Reason(message)}");
                    break;
            }
        }
        return new(name, program, passed, skipReasons, failures, errors, [.. running.Values], duration, hasEnded && duration is not null);
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement message, string property) => message.TryGetProperty(property, out JsonElement value) ? value.GetString() ?? "" : "";

    private static string Reason(JsonElement message) => string.Join('\n', Texts(message, "Messages").Concat(Texts(message, "StackTraces")));

    private static IEnumerable<string> Texts(JsonElement message, string property) =>
        message.TryGetProperty(property, out JsonElement values) ? from value in values.EnumerateArray() select value.GetString() ?? "" : [];
}

/// <summary>A test that failed.</summary>
/// <param name="Suite">The assembly's name.</param>
/// <param name="Case">xunit's id of the test case, by which it can be run alone. Rows of data that xunit cannot tell apart before it runs them share one.</param>
/// <param name="Name">What xunit calls it.</param>
/// <param name="Reason">The message and where it came from.</param>
public sealed record FailedTest(string Suite, string Case, string Name, string Reason);
