
using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>What befalls the cluster as a whole: silos die, are cut off, restart, join and drain; the directory splits; clocks jump; network and storage have bad times.</summary>
internal sealed class Blows(Shop shop, Temper temper, SimulatedRandom random, Weather weather)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(400), Patience = TimeSpan.FromSeconds(4);

    private SimulatedCluster Cluster => shop.Cluster;

    public async Task Run()
    {
        for (var blow = 0; blow < World.Blows; blow++)
        {
            await shop.Wait(random.Time(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(800)));
            var what = random.Below(100);
            var (call, moment) = (random.Of(temper.Aims), random.Time(TimeSpan.Zero, TimeSpan.FromMilliseconds(6)));
            await Task.WhenAny(Cluster.Begins(call), shop.Wait(Patience));
            // A bad access to the storage is announced at once, so that it can be the call's own.
            if (!IsDoom(what))
                await shop.Wait(moment);
            if (!shop.Step("fate", $"strikes at {call}"))
                return;
            await Strike(what, call);
            await Replace();
        }
    }

    /// <summary>Whoever watches the cluster starts a silo where one is missing.</summary>
    public async Task Replace()
    {
        while (Cluster.Active.Count() < 2)
        {
            await shop.Wait(random.Time(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(900)));
            Cluster.Strike(FaultKind.SiloRestarted);
            Cluster.Start();
            await shop.Wake(random, "scale out");
        }
    }

    private Task Strike(int what, string call) => what switch
    {
        < 11 => Kill(),
        < 21 => CutOff(),
        < 34 => Drain(),
        < 46 => Join(),
        < 56 => Split(call),
        < 66 => Jump(),
        < 78 => Doom(FaultKind.StorageTorn, call),
        < 81 => Doom(FaultKind.StorageFailed, call),
        < 84 => Doom(FaultKind.StorageSlow, call),
        < 94 => ReadStale(call),
        _ => weather.Worsen(random),
    };

    private static bool IsDoom(int what) => what is >= 66 and < 94;

    private async Task Kill()
    {
        if (Any() is not { } silo)
            return;
        Cluster.Strike(FaultKind.SiloKilled);
        Cluster.Kill(silo, random.Time(TimeSpan.FromMilliseconds(10), Soon));
        await shop.Wait(random.Time(TimeSpan.Zero, Soon));
    }

    private Task CutOff()
    {
        if (Any() is { } silo)
        {
            Cluster.Strike(FaultKind.SiloCutOff);
            Cluster.CutOff(silo, random.Time(TimeSpan.FromMilliseconds(10), Soon), random.Time(Soon, TimeSpan.FromSeconds(5)));
        }
        return Task.CompletedTask;
    }

    private async Task Drain()
    {
        if (Cluster.Active.Count() < 2 || Any() is not { } silo)
            return;
        Cluster.Strike(FaultKind.SiloDrained);
        await Cluster.Call("scale in", async () =>
        {
            await Task.WhenAll(Cluster.Drain(silo), shop.Wake(random, "scale in"));
            return true;
        });
    }

    private async Task Join()
    {
        if (Cluster.Silos.Count >= World.SilosMax)
            return;
        Cluster.Strike(FaultKind.SiloJoined);
        await Cluster.Call("scale out", async () =>
        {
            Cluster.Start();
            await shop.Wake(random, "scale out");
            return true;
        });
    }

    /// <summary>What a call needs, or anything.</summary>
    private static string? NeededBy(string call) => call switch
    {
        "promote" or "publish" => "model-directory",
        "train" => "trainingcoordinator",
        "ingest" or "erase" or "remove" or "export" => "user-shard",
        "catalogue" => "item-shard",
        _ => null,
    };

    private Task Split(string call)
    {
        var grains = Cluster.Placed.Select(p => p.Grain).Where(g => NeededBy(call) is { } needed ? TypeOf(g) == needed : TypeOf(g) is not (GrainHome.User or GrainHome.Item)).ToArray();
        if (grains.Length > 0 && Cluster.Split(random.Of(grains), random.Time(Soon, TimeSpan.FromSeconds(5))))
            Cluster.Strike(FaultKind.TwoActivations);
        return Task.CompletedTask;
    }

    private static string TypeOf(GrainId grain) => grain.Type.ToString()!;

    private Task Doom(FaultKind kind, string call)
    {
        weather.Doom(kind, call);
        return Task.CompletedTask;
    }

    /// <summary>What the call needs begins elsewhere too, and reads less than there is.</summary>
    private Task ReadStale(string call)
    {
        weather.Doom(FaultKind.StorageStale, call);
        return Split(call);
    }

    private Task Jump()
    {
        if (Any() is { } silo)
        {
            silo.Clock.Ahead += random.Time(TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
            Cluster.Strike(FaultKind.ClockJumped);
        }
        return Task.CompletedTask;
    }

    private SimulatedSilo? Any()
    {
        SimulatedSilo[] active = [.. Cluster.Active];
        return active.Length == 0 ? null : random.Of(active);
    }
}
