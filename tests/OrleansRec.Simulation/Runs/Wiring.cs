using Orleans.Storage;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>The places where a planted bug can put something in between or instead: parts of the product that are injected, and grain classes.</summary>
public sealed class Wiring
{
    internal Wiring(SimulatedDisk disk, SharedStates states) => (Disk, States) = (disk, states);

    /// <summary>What every silo's log store is wrapped in.</summary>
    public Func<ILogStore, TimeProvider, ILogStore> Store { get; set; } = (store, _) => store;

    /// <summary>What every silo's grain storage is wrapped in.</summary>
    public Func<IGrainStorage, IGrainStorage> GrainStorage { get; set; } = storage => storage;

    /// <summary>Grain classes that are run instead of the product's.</summary>
    public Dictionary<Type, Type> StandIns { get; } = [];

    /// <summary>The key under which a client sends an event, by the key of its first attempt and the number of the attempt, from 0.</summary>
    public Func<ulong, int, ulong> KeyOfAttempt { get; set; } = (key, _) => key;

    /// <summary>What the types of events mean to every silo.</summary>
    public EventTypeRules EventTypes { get; set; } = EventTypeRules.Default;

    internal SimulatedDisk Disk { get; }

    internal SharedStates States { get; }

    /// <summary>Whether the log store refuses writers that were fenced off.</summary>
    public bool FencesEpochs
    {
        set => Disk.FencesEpochs = value;
    }
}
