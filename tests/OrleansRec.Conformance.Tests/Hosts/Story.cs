using Orleans;
using Orleans.Core.Internal;
using Orleans.Runtime;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>One case on a cluster that others may share: its grains have keys, lines and gates that no other case has.</summary>
public sealed class Story(IConformanceCluster cluster, string name)
{
    private readonly Stage _stage = cluster.Stage;

    public IConformanceCluster Cluster { get; } = cluster;

    /// <summary>What the grains have noted so far, each line "name what".</summary>
    public string[] Lines => _stage.Journal.Lines(name);

    /// <summary>A grain, called from outside the silos: everything becomes bytes.</summary>
    public T Outside<T>(string grain = "a")
        where T : IGrainWithStringKey => Cluster.Outside.GetGrain<T>(Key(grain));

    /// <summary>A grain, called from inside a silo.</summary>
    public T Inside<T>(string grain = "a", int silo = 0)
        where T : IGrainWithStringKey => Cluster.Inside(Cluster.Silos[silo]).GetGrain<T>(Key(grain));

    /// <summary>The key of a grain of this story.</summary>
    public string Key(string grain) => $"{name}/{grain}";

    /// <summary>Opens a gate at which a grain waits.</summary>
    public void Open(string gate, string grain = "a") => _stage.Gates.Open($"{Key(grain)}:{gate}");

    /// <summary>Decides where a grain is activated from now on.</summary>
    public void Place(IAddressable grain, SiloAddress home) => _stage.Homes.Set(grain.GetGrainId(), home);

    /// <summary>Makes the next read, write or clear of a grain's state fail.</summary>
    public void FailNext(StateVerb verb, IAddressable grain, bool takesEffect = false) => _stage.States.FailNext(verb, grain.GetGrainId(), takesEffect);

    /// <summary>Holds back the next read, write or clear of a grain's state.</summary>
    public HeldStep HoldNext(StateVerb verb, IAddressable grain) => _stage.States.HoldNext(verb, grain.GetGrainId());

    /// <summary>The newest activation of a grain that shows itself on the stage.</summary>
    public IGrainContext ActivationOf(IAddressable grain) => _stage.Activations[grain.GetGrainId()];

    /// <summary>Asks a grain to move by a call of its management extension from inside the first silo, as the product does.</summary>
    public Task AskToMove(IAddressable grain) =>
        Cluster.Inside(Cluster.Silos[0]).GetGrain(grain.GetGrainId()).AsReference<IGrainManagementExtension>().MigrateOnIdle().AsTask();

    /// <summary>Waits until this line is there.</summary>
    public Task Sees(string line) => Sees(line, 1);

    /// <summary>Waits until this line is there for the n-th time.</summary>
    public async Task Sees(string line, int count)
    {
        Task reached = _stage.Journal.Reaches(name, lines => lines.Count(l => l == line) >= count);
        try
        {
            await Cluster.Within(reached, $"line {count} of \"{line}\"");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} There were: {string.Join("; ", Lines)}.", late);
        }
    }

    /// <summary>Waits for the answer of a call.</summary>
    public async Task<T> Ends<T>(Task<T> call)
    {
        await Cluster.Within(call, "the answer of a call");
        return await call;
    }

    /// <summary>Waits for the end of a call.</summary>
    public Task Ends(Task call) => Cluster.Within(call, "the end of a call");

    /// <summary>Waits for a call that must fail with exactly this type.</summary>
    public async Task<T> Fails<T>(Task call)
        where T : Exception => Assert.IsType<T>(await FailsAs<T>(call));

    /// <summary>Waits for a call that must fail with this type or one derived from it.</summary>
    public async Task<T> FailsAs<T>(Task call)
        where T : Exception
    {
        try
        {
            await Cluster.Within(call, $"a call to fail with {typeof(T).Name}");
        }
        catch (Exception failure) when (call.IsCompleted)
        {
            return Assert.IsAssignableFrom<T>(failure);
        }
        throw new Xunit.Sdk.XunitException($"The call ended without {typeof(T).Name}.");
    }
}
