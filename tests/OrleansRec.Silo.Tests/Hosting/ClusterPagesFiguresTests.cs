using Microsoft.Extensions.Hosting;
using OrleansRec.Silo.Dashboard;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Hosting;

/// <summary>Goal: the figures of Orleans' dashboard cost nothing while nobody looks. Method: something that notes when it is started and disposed, under a fake clock.</summary>
public sealed class ClusterPagesFiguresTests : IAsyncDisposable
{
    private static readonly TimeSpan almost = ClusterPagesFigures.RestPeriod - TimeSpan.FromSeconds(1), second = TimeSpan.FromSeconds(1);

    private readonly SimulatedClock _clock = new();
    private readonly List<Measuring> _made = [];
    private readonly ClusterPagesFigures _figures;

    public ClusterPagesFiguresTests() => _figures = new(() =>
    {
        _made.Add(new());
        return _made[^1];
    }, _clock);

    public ValueTask DisposeAsync() => _figures.DisposeAsync();

    [Fact]
    public void IsMeasuring_NobodyLooked_MeasuresNothing()
    {
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(_made);
        Assert.Null(_clock.NextDue);
    }

    [Fact]
    public async Task Look_Many_MeasuresOnce()
    {
        await Task.WhenAll(_figures.Look(), _figures.Look());
        await _figures.Look();
        Assert.Equal((true, false), (Assert.Single(_made).IsStarted, _made[0].IsDisposed));
    }

    [Fact]
    public async Task Look_TheLastOneLongAgo_EndsUntilTheNext()
    {
        await _figures.Look();
        _clock.Advance(almost);
        await _figures.Look();
        _clock.Advance(almost);
        Assert.True(_figures.IsMeasuring);

        _clock.Advance(second);
        Assert.Equal((false, true), (_figures.IsMeasuring, _made[0].IsDisposed));
        Assert.Null(_clock.NextDue);

        await _figures.Look();
        Assert.Equal((true, 2, false), (_figures.IsMeasuring, _made.Count, _made[1].IsDisposed));
    }

    [Fact]
    public async Task Dispose_WhileItMeasures_EndsIt()
    {
        await _figures.Look();
        await _figures.DisposeAsync();
        await _figures.Look();
        Assert.True(Assert.Single(_made).IsDisposed);
    }

    private sealed class Measuring : IHostedService, IAsyncDisposable
    {
        public bool IsStarted { get; private set; }

        public bool IsDisposed { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            IsStarted = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }
    }
}
