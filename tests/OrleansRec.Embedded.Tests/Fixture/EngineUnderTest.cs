using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace OrleansRec.Embedded.Tests;

/// <summary>An engine over the grains of this assembly: deterministic and under a simulated clock unless said otherwise.</summary>
internal sealed class EngineUnderTest : IDisposable
{
    private readonly ServiceProvider _services;

    public EngineUnderTest(ulong seed = 1, Action<EmbeddedOptions>? configure = null, bool keepTrace = false)
    {
        Scheduler = new DeterministicScheduler(seed, Clock, keepTrace);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock).AddSingleton<IEngineScheduler>(Scheduler).AddSingleton(Journal);
        services.AddEmbeddedEngine(o =>
        {
            o.GrainAssemblies.Add(typeof(EngineUnderTest).Assembly);
            configure?.Invoke(o);
        });
        services.AddMemoryGrainStorage("rec");
        _services = services.BuildServiceProvider();
        Engine = _services.GetRequiredService<EmbeddedEngine>();
    }

    public SimulatedClock Clock { get; } = new();

    public DeterministicScheduler Scheduler { get; }

    public Journal Journal { get; } = new();

    public EmbeddedEngine Engine { get; }

    public IServiceProvider Services => _services;

    public T Grain<T>(string key = "a")
        where T : IGrainWithStringKey => Engine.GetGrain<T>(key);

    public T Run<T>(Func<Task<T>> client) => Scheduler.Run(client);

    public void Run(Func<Task> client) => Scheduler.Run(client);

    /// <summary>Lets time pass and everything run that then falls due.</summary>
    public void Pass(TimeSpan time)
    {
        Clock.Advance(time);
        Scheduler.RunUntilIdle();
    }

    public void Dispose() => _services.Dispose();
}

/// <summary>What grains note down for the test to read.</summary>
public sealed class Journal
{
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public void Note(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }
}
