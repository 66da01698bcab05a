using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Silo.Dashboard;

/// <summary>The host of Orleans' own dashboard, with a life of its own: what it would do when the silo starts, it does when it is started.</summary>
/// <param name="host">The package's host: a hosted service that takes part in a silo's life.</param>
internal sealed class ClusterPagesHost(object host) : IHostedService, IAsyncDisposable
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var life = new Life();
        ((ILifecycleParticipant<ISiloLifecycle>)host).Participate(life);
        foreach (ILifecycleObserver part in life.Parts)
            await part.OnStart(cancellationToken);
        await ((IHostedService)host).StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => ((IHostedService)host).StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();

    private sealed class Life : ISiloLifecycle
    {
        public List<ILifecycleObserver> Parts { get; } = [];

        public int HighestCompletedStage => ServiceLifecycleStage.Active;

        public int LowestStoppedStage => int.MaxValue;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Parts.Add(observer);
            return Subscription.None;
        }

        private sealed class Subscription : IDisposable
        {
            public static readonly Subscription None = new();

            public void Dispose()
            {
            }
        }
    }
}
