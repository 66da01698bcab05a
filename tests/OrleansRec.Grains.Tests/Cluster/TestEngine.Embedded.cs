using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Storage;
using OrleansRec.Embedded;
using OrleansRec.Grains.Users;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>Embedded, as the deterministic simulator: one thread, and a seed that decides every order.</summary>
internal sealed class TestEngine(ulong seed, SimulatedClock clock)
{
    private readonly DeterministicScheduler scheduler = new(seed, clock);
    private EmbeddedEngine engine = null!;

    /// <summary>Grain state that outlives every process.</summary>
    public IGrainStorage States { get; } = new MemoryGrainStorage();

    /// <summary>Runs a test, letting time pass whenever nothing else can happen.</summary>
    public void Run(Func<Task> test) => scheduler.Run(test);

    /// <summary>Starts a process; those before it go on.</summary>
    public Task<IGrainFactory> Start(Action<IServiceCollection> compose)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IEngineScheduler>(scheduler);
        compose(services);
        services.AddEmbeddedEngine(o =>
        {
            o.GrainAssemblies.Add(typeof(UserGrain).Assembly);
            o.SerializeArguments = true;
        });
        ServiceProvider provider = services.BuildServiceProvider();
        engine = provider.GetRequiredService<EmbeddedEngine>();
        return Task.FromResult(provider.GetRequiredService<IGrainFactory>());
    }

    /// <summary>Ends the process in order.</summary>
    public Task Stop() => engine.Stop();

    /// <summary>The process is gone: nothing that it still does has an effect.</summary>
    public void Abandon()
    {
    }

    /// <summary>Grains in the process's memory: users, and all together.</summary>
    public Task<(int Users, int All)> CountActivations() =>
        Task.FromResult((engine.ActivationCounts.GetValueOrDefault("user"), engine.ActivationCounts.Sum(c => c.Value)));

    /// <summary>Ends activations that nobody uses, by letting a minute pass: they go when all minutes of their age have.</summary>
    public Task CollectIdle() => Task.Delay(TimeSpan.FromMinutes(1), clock);
}
