using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>A running cluster, as a case sees it.</summary>
public interface IConformanceCluster
{
    /// <summary>Calls grains from outside the silos; arguments and answers travel as bytes.</summary>
    IGrainFactory Outside { get; }

    /// <summary>What the silos share with the test.</summary>
    Stage Stage { get; }

    /// <summary>The clock that grains are given. It moves in <see cref="Pass"/>; a simulator may move it when nothing else is left to do.</summary>
    TimeProvider Clock { get; }

    /// <summary>The silos that live, in the order of their start.</summary>
    IReadOnlyList<SiloAddress> Silos { get; }

    /// <summary>Calls grains from code inside a silo; within the silo nothing becomes bytes.</summary>
    IGrainFactory Inside(SiloAddress silo);

    /// <summary>Lets time pass for the timers of grains. What falls due then runs soon, not necessarily before this ends.</summary>
    Task Pass(TimeSpan time);

    /// <summary>Ends the activations that are idle, as happens after their collection age.</summary>
    Task CollectIdle();

    /// <summary>Waits for something that must happen, up to the host's bound.</summary>
    /// <exception cref="TimeoutException">It did not happen; the message says what was waited for.</exception>
    Task Within(Task task, string what);

    /// <summary>The silo is gone without a word, and the others have learned so.</summary>
    Task Kill(SiloAddress silo);

    /// <summary>The silo ends in order.</summary>
    Task Stop(SiloAddress silo);

    /// <summary>One silo more, which all know.</summary>
    Task<SiloAddress> Join();
}
