using System.Diagnostics;
using System.Globalization;
using OrleansRec.TestRun;

// OrleansRec.TestRun RECORDS EXITCODE SUITE...: after `dotnet test`, which ended with EXITCODE and left each suite's record in the folder RECORDS. Runs the tests that failed again,
// each alone in a process of its own, writes the verdict to RECORDS/verdict.txt too, and ends with 0 where the run is green.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: OrleansRec.TestRun RECORDS EXITCODE SUITE...");
    return 2;
}
string records = args[0];
SuiteRecord[] suites = [.. args[2..].Select(name => ReadRecord(records, name))];
foreach (SuiteRecord suite in suites)
    Say(suite);
Verdict verdict = Verdict.Of(suites, RunAgain(suites), int.Parse(args[1], CultureInfo.InvariantCulture));
File.WriteAllLines(Path.Combine(records, "verdict.txt"), verdict.Lines);
foreach (string line in verdict.Lines)
    Console.WriteLine(line);
Console.WriteLine(verdict.ClosingLine);
return verdict.IsGreen ? 0 : 1;

static SuiteRecord ReadRecord(string folder, string suite)
{
    string path = Path.Combine(folder, suite + ".jsonl");
    return SuiteRecord.Read(suite, File.Exists(path) ? File.ReadLines(path) : []);
}

static void Say(SuiteRecord suite)
{
    Console.WriteLine($"== {suite.Name}: {suite.Passed} passed, {suite.Failures.Count + suite.Errors.Count} failed, {suite.SkipReasons.Count} skipped"
        + (suite.Duration is { } duration ? $" in {duration.TotalSeconds:0} s" : ""));
    foreach (var reason in suite.SkipReasons.CountBy(reason => reason))
        Console.WriteLine($"   skipped {reason.Value}: {reason.Key}");
}

Dictionary<string, bool> RunAgain(SuiteRecord[] suites)
{
    // The verdict on more is red anyway; running them again would only take time.
    const int CasesMax = 10;
    var passed = new Dictionary<string, bool>();
    foreach (FailedTest test in suites.SelectMany(suite => suite.Failures).DistinctBy(test => test.Case).Take(CasesMax))
    {
        Console.WriteLine($"running again alone: {test.Name}");
        passed[test.Case] = PassesAlone(suites.Single(suite => suite.Name == test.Suite).Program!, test, Path.Combine(records, "alone", test.Case));
    }
    return passed;
}

static bool PassesAlone(string program, FailedTest test, string folder)
{
    var start = new ProcessStartInfo("dotnet", [program, "-noLogo", "-noColor", "-preEnumerateTheories", "-id", test.Case]) { WorkingDirectory = Path.GetDirectoryName(program)! };
    start.Environment["REC_TEST_RECORD"] = folder;
    using Process process = Process.Start(start)!;
    process.WaitForExit();
    SuiteRecord record = ReadRecord(folder, test.Suite);
    return process.ExitCode == 0 && record is { IsComplete: true, Passed: > 0, Failures.Count: 0, Errors.Count: 0 };
}
