namespace OrleansRec.TestRun.Tests;

/// <summary>What a run comes to: values in, values out.</summary>
public sealed class VerdictTests
{
    private static readonly SuiteRecord whole = new("Shop.Tests", "/bin/Shop.Tests.dll", 5, ["needs a browser"], [], [], [], TimeSpan.FromSeconds(1), true);

    [Fact]
    public void Of_NothingFailed_IsGreenAndCountsAllSuites()
    {
        Verdict verdict = Verdict.Of([whole, whole with { Name = "Cart.Tests", Passed = 2, SkipReasons = [] }], Alone(), 0);

        Assert.True(verdict.IsGreen);
        Assert.Equal("7 passed, 0 failed, 1 skipped", verdict.ClosingLine);
        Assert.Empty(verdict.Lines);
    }

    [Theory]
    [InlineData(1, "6 passed, 0 failed, 1 skipped")]
    [InlineData(2, "7 passed, 0 failed, 1 skipped")]
    public void Of_FewTestsPassAlone_IsGreenAndNamesThem(int count, string closingLine)
    {
        Verdict verdict = Verdict.Of([Failing(count)], Alone(Enumerable.Repeat(true, count).ToArray()), 1);

        Assert.True(verdict.IsGreen);
        Assert.Equal(closingLine, verdict.ClosingLine);
        for (int i = 0; i < count; i++)
            Assert.Contains(verdict.Lines, line => line.EndsWith($"flaky: Shop.Test{i} (passed when run alone)", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ThreeTestsPassAlone_IsRed()
    {
        Verdict verdict = Verdict.Of([Failing(3)], Alone(true, true, true), 1);

        Assert.False(verdict.IsGreen);
        Assert.Equal("5 passed, 3 failed, 1 skipped", verdict.ClosingLine);
        Assert.Equal("3 tests are flaky; at most 2 are tolerated", verdict.Lines[^1]);
    }

    [Fact]
    public void Of_RowsOfOneCasePassAlone_AreOneFlakyTest()
    {
        FailedTest[] rows = [.. Enumerable.Range(0, 4).Select(i => new FailedTest("Shop.Tests", "case0", $"Shop.Test(row: {i})", "broke"))];

        Verdict verdict = Verdict.Of([whole with { Failures = rows }], Alone(true), 1);

        Assert.True(verdict.IsGreen);
        Assert.Equal("9 passed, 0 failed, 1 skipped", verdict.ClosingLine);
    }

    [Fact]
    public void Of_TestFailsTwice_IsRedAndSaysWhy()
    {
        Verdict verdict = Verdict.Of([Failing(2)], Alone(true, false), 1);

        Assert.False(verdict.IsGreen);
        Assert.Equal("6 passed, 1 failed, 1 skipped", verdict.ClosingLine);
        Assert.Equal("failed twice: Shop.Test1\n   expected 1\n   at line 1", verdict.Lines[0]);
    }

    [Fact]
    public void Of_TestNotRunAgain_HasFailed()
    {
        Verdict verdict = Verdict.Of([Failing(1)], Alone(), 1);

        Assert.False(verdict.IsGreen);
        Assert.StartsWith("failed: Shop.Test0\n", Assert.Single(verdict.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SuiteEndedByACrash_IsRedAndNamesTheRunningTests()
    {
        Verdict verdict = Verdict.Of([whole with { Duration = null, IsComplete = false, Running = ["Shop.Sells", "Shop.Buys"] }], Alone(), 1);

        Assert.False(verdict.IsGreen);
        Assert.Equal("5 passed, 1 failed, 1 skipped", verdict.ClosingLine);
        Assert.Equal("failed: Shop.Tests ended by a crash or a limit after 6 tests; the others did not run. It was running Shop.Sells, Shop.Buys", Assert.Single(verdict.Lines));
    }

    [Fact]
    public void Of_SuiteEndedByACrashAfterItsTests_IsRed()
    {
        Verdict verdict = Verdict.Of([whole with { IsComplete = false }], Alone(), 0);

        Assert.False(verdict.IsGreen);
        Assert.Contains("after the last of its 6 tests", Assert.Single(verdict.Lines));
    }

    [Fact]
    public void Of_SuiteWithoutRecord_DidNotRun()
    {
        Verdict verdict = Verdict.Of([whole, SuiteRecord.Read("Cart.Tests", [])], Alone(), 0);

        Assert.False(verdict.IsGreen);
        Assert.Equal("failed: Cart.Tests did not run", Assert.Single(verdict.Lines));
    }

    [Fact]
    public void Of_ErrorOutsideTests_IsRed()
    {
        Verdict verdict = Verdict.Of([whole with { Errors = ["test-class-cleanup-failure: locked"] }], Alone(), 1);

        Assert.Equal("5 passed, 1 failed, 1 skipped", verdict.ClosingLine);
        Assert.Contains("locked", Assert.Single(verdict.Lines));
    }

    [Fact]
    public void Of_RunFailedAndNoRecordSaysWhy_IsRed()
    {
        Verdict verdict = Verdict.Of([whole], Alone(), 7);

        Assert.False(verdict.IsGreen);
        Assert.Contains("ended with 7", Assert.Single(verdict.Lines));
    }

    [Fact]
    public void Of_NoTests_IsNotGreen() => Assert.False(Verdict.Of([whole with { Passed = 0 }], Alone(), 0).IsGreen);

    private static SuiteRecord Failing(int count) => whole with
    {
        Failures = [.. Enumerable.Range(0, count).Select(i => new FailedTest("Shop.Tests", $"case{i}", $"Shop.Test{i}", "expected 1\nat line 1"))],
    };

    private static Dictionary<string, bool> Alone(params bool[] passed) => passed.Index().ToDictionary(at => $"case{at.Index}", at => at.Item);
}
