using OrleansRec.Grains.Hosting;

namespace OrleansRec.Grains.Tests.Hosting;

/// <summary>Goal: a silo that stops waits for the calls that its grains have begun by themselves, and none begins after. Method: calls begun and ended by hand.</summary>
public sealed class UnaskedCallsTests
{
    private readonly UnaskedCalls _calls = new();

    [Fact]
    public void Finish_NothingUnderWay_IsOverAtOnce() => Assert.True(_calls.Finish().IsCompletedSuccessfully);

    [Fact]
    public void Finish_CallsUnderWay_WaitsForTheLastOfThem()
    {
        Assert.True(_calls.TryBegin() && _calls.TryBegin());

        Task finished = _calls.Finish();

        _calls.End();
        Assert.False(finished.IsCompleted);
        _calls.End();
        Assert.True(finished.IsCompletedSuccessfully);
    }

    [Fact]
    public void TryBegin_AfterFinish_IsRefused()
    {
        _ = _calls.Finish();
        Assert.False(_calls.TryBegin());
    }

    /// <summary>A snapshot under way needs feeds that it has not begun yet: refused, it would never end.</summary>
    [Fact]
    public void BeginPart_AfterFinish_IsWaitedForToo()
    {
        _calls.TryBegin();
        Task finished = _calls.Finish();

        _calls.BeginPart();
        _calls.End();
        Assert.False(finished.IsCompleted);
        _calls.End();
        Assert.True(finished.IsCompletedSuccessfully);
    }

    [Fact]
    public void Stopping_Finish_TellsWhatTakesLong()
    {
        Assert.False(_calls.Stopping.IsCancellationRequested);
        _ = _calls.Finish();
        Assert.True(_calls.Stopping.IsCancellationRequested);
    }
}
