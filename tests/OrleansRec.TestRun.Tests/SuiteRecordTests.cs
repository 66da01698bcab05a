namespace OrleansRec.TestRun.Tests;

/// <summary>Reading a record: lines as xunit writes them, less what is not looked at.</summary>
public sealed class SuiteRecordTests
{
    private const string
        Starting = """{"$type":"test-assembly-starting","AssemblyPath":"/bin/Shop.Tests.dll","StartTime":"2026-01-01T00:00:00+00:00"}""",
        Finished = """{"$type":"test-assembly-finished","FinishTime":"2026-01-01T00:00:07+00:00"}""",
        Ended = """{"$type":"process-ended"}""";

    [Fact]
    public void Read_WholeRun_CountsEveryOutcome()
    {
        SuiteRecord record = Read(
            Starting, TestStarting("1"), """{"$type":"test-passed","TestUniqueID":"1"}""",
            TestStarting("2"), """{"$type":"test-skipped","TestUniqueID":"2","Reason":"needs a browser"}""",
            TestStarting("3"), """{"$type":"test-failed","TestUniqueID":"3","TestCaseUniqueID":"c3","ExceptionTypes":["E"],"Messages":["broke"],"StackTraces":["at line 1"]}""",
            Finished, Ended);

        Assert.Equal("/bin/Shop.Tests.dll", record.Program);
        Assert.Equal(1, record.Passed);
        Assert.Equal(["needs a browser"], record.SkipReasons);
        Assert.Equal([new FailedTest("Shop.Tests", "c3", "Shop.Test3", "broke\nat line 1")], record.Failures);
        Assert.Empty(record.Errors);
        Assert.Empty(record.Running);
        Assert.Equal(TimeSpan.FromSeconds(7), record.Duration);
        Assert.True(record.IsComplete);
    }

    [Fact]
    public void Read_CutOffInALine_NamesTheRunningTests()
    {
        SuiteRecord record = Read(Starting, TestStarting("1"), TestStarting("2"), """{"$type":"test-passed","TestUniqueID":"1"}""", TestStarting("3"), """{"$type":"test-pas""");

        Assert.Equal(["Shop.Test2", "Shop.Test3"], record.Running);
        Assert.Equal(1, record.Passed);
        Assert.False(record.IsComplete);
    }

    [Theory]
    [InlineData(new[] { Starting, Finished }, false)]
    [InlineData(new[] { Starting, Ended }, false)]
    [InlineData(new[] { Starting, Finished, Ended }, true)]
    [InlineData(new string[0], false)]
    public void Read_LastLines_TellWhetherItIsComplete(string[] lines, bool isComplete) => Assert.Equal(isComplete, Read(lines).IsComplete);

    [Fact]
    public void Read_ExceptionOutsideTests_IsAnError()
    {
        SuiteRecord record = Read(Starting, """{"$type":"test-class-cleanup-failure","ExceptionTypes":["E"],"Messages":["locked"],"StackTraces":[null]}""", Finished, Ended);

        Assert.Equal(["test-class-cleanup-failure: locked\n"], record.Errors);
    }

    private static SuiteRecord Read(params string[] lines) => SuiteRecord.Read("Shop.Tests", lines);

    private static string TestStarting(string id) => $$"""{"$type":"test-starting","TestUniqueID":"{{id}}","TestDisplayName":"Shop.Test{{id}}"}""";
}
