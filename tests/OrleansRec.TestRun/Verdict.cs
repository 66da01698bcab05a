namespace OrleansRec.TestRun;

/// <summary>What a run of all suites comes to.</summary>
/// <param name="Passed">Number of tests that passed, flaky ones that are tolerated included.</param>
/// <param name="Failed">Number of failed tests, of errors outside tests and of suites that did not end by themselves.</param>
/// <param name="Skipped">Number of skipped tests.</param>
/// <param name="Lines">What a reader must know, the worst first.</param>
public sealed record Verdict(int Passed, int Failed, int Skipped, IReadOnlyList<string> Lines)
{
    /// <summary>A run stays green with this number of tests that failed and passed when run again alone. They are faults to be mended; more of them say that something else is wrong.</summary>
    public const int FlakyMax = 2;

    /// <summary>Whether nothing failed and something was tested.</summary>
    public bool IsGreen => Failed == 0 && Passed > 0;

    /// <summary>The run's last line.</summary>
    public string ClosingLine => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    /// <summary>Judges.</summary>
    /// <param name="suites">Every suite that should have run.</param>
    /// <param name="passedAlone">For the cases that failed and were run again, each alone: whether they passed then. A case that is missing was not run again and has failed.</param>
    /// <param name="exitCode">What the run ended with. One that is not 0 with nothing wrong in any record is a failure of its own.</param>
    public static Verdict Of(IReadOnlyList<SuiteRecord> suites, IReadOnlyDictionary<string, bool> passedAlone, int exitCode)
    {
        var lines = new List<string>();
        FailedTest[] failures = [.. suites.SelectMany(suite => suite.Failures)];
        FailedTest[] flaky = [.. failures.Where(test => passedAlone.GetValueOrDefault(test.Case))];
        int flakyCases = flaky.Select(test => test.Case).Distinct().Count();
        int failed = failures.Length - flaky.Length;

        foreach (SuiteRecord suite in suites.Where(suite => !suite.IsComplete))
        {
            failed++;
            lines.Add(Incomplete(suite));
        }
        foreach (FailedTest test in failures.Except(flaky))
            lines.Add($"failed{(passedAlone.ContainsKey(test.Case) ? " twice" : "")}: {test.Name}\n{Indented(test.Reason)}");
        foreach (var (suite, error) in suites.SelectMany(suite => suite.Errors.Select(error => (suite.Name, error))))
        {
            failed++;
            lines.Add($"failed: {suite}, outside its tests\n{Indented(error)}");
        }
        if (exitCode != 0 && failed == 0 && flaky.Length == 0)
        {
            failed++;
            lines.Add($"failed: the run of the suites ended with {exitCode}, and no test says why");
        }
        // Why it failed is kept: it is what the one who mends it needs.
        lines.AddRange(flaky.Select(test => $"{Indented(test.Reason)}\nflaky: {test.Name} (passed when run alone)"));
        if (flakyCases > FlakyMax)
        {
            failed += flaky.Length;
            lines.Add($"{flakyCases} tests are flaky; at most {FlakyMax} are tolerated");
        }
        int tolerated = flakyCases > FlakyMax ? 0 : flaky.Length;
        return new(suites.Sum(suite => suite.Passed) + tolerated, failed, suites.Sum(suite => suite.SkipReasons.Count), lines);
    }

    private static string Incomplete(SuiteRecord suite)
    {
        if (suite.Program is null)
            return $"failed: {suite.Name} did not run";
        int ended = suite.Passed + suite.Failures.Count + suite.SkipReasons.Count;
        return suite.Duration is not null
            ? $"failed: {suite.Name} ended by a crash or a limit after the last of its {ended} tests"
            : $"failed: {suite.Name} ended by a crash or a limit after {ended} tests; the others did not run. It was running "
                + (suite.Running.Count == 0 ? "no test" : string.Join(", ", suite.Running));
    }

    private static string Indented(string reason) => "   " + reason.ReplaceLineEndings("\n   ");
}
