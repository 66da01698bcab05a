using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: the rules of turns hold under real threads. Method: load on few grains that notice two turns at once, lost or reordered calls.</summary>
public sealed class ThreadPoolTests : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IGrainFactory _grains;

    public ThreadPoolTests()
    {
        var services = new ServiceCollection().AddSingleton<Journal>();
        services.AddEmbeddedEngine(o => o.GrainAssemblies.Add(typeof(ThreadPoolTests).Assembly)).AddMemoryGrainStorage("rec");
        _services = services.BuildServiceProvider();
        _grains = _services.GetRequiredService<IGrainFactory>();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Sum_TreeOfCalls_VisitsEachGrainOnce()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _grains.GetGrain<IChainGrain>($"root{i}").Sum(5)));

        Assert.All(sums, sum => Assert.Equal(243, sum));
    }

    [Fact]
    public async Task Next_ManyThreadsOneGrain_CountsEachCallOnce()
    {
        var grain = _grains.GetGrain<IChainGrain>("one");

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var seen = new List<int>();
            for (var i = 0; i < 2_000; i++)
                seen.Add(await grain.Next());
            return seen;
        })));

        Assert.Equal(Enumerable.Range(1, 16_000), counts.SelectMany(c => c).Order());
        Assert.All(counts, seen => Assert.Equal(seen.Order(), seen));
    }

    [Fact]
    public async Task Arrive_NotAwaited_KeepsTheOrderOfOneCaller()
    {
        var grain = _grains.GetGrain<IChainGrain>("ordered");

        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => grain.Arrive(i)));

        Assert.Equal(Enumerable.Range(0, 5_000), await grain.Arrived());
    }

    [Fact]
    public async Task Call_FromALibraryThatLeavesTheContext_ComesBackToTheGrainsTurns() =>
        Assert.True(await _grains.GetGrain<IChainGrain>("caller").CallThroughLibrary());

    [Fact]
    public async Task Deactivation_UnderLoad_LosesNoCall()
    {
        var grain = _grains.GetGrain<ILifeGrain>("restless");

        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                if (i % 10 == 0)
                    await grain.End();
                Assert.Equal("life/restless", await grain.Touch());
            }
        }));

        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task Host_StopsTheEngine_EndsActivations()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var journal = new Journal();
        builder.Services.AddSingleton(journal);
        builder.Services.AddEmbeddedEngine(o => o.GrainAssemblies.Add(typeof(ThreadPoolTests).Assembly));
        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IClusterClient>().GetGrain<ILifeGrain>("hosted").Touch();

        await host.StopAsync();

        Assert.Equal(["hosted activates", "hosted ends: ShuttingDown"], journal.Lines);
    }
}
