namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>What a simulation does to the system.</summary>
public enum FaultKind
{
    /// <summary>A call never arrives: its caller waits until the deadline.</summary>
    CallLost,
    /// <summary>A call has run, and its answer never arrives.</summary>
    AnswerLost,
    /// <summary>A call or an answer takes long.</summary>
    Delayed,
    /// <summary>A call overtakes one that was sent before it on the same way.</summary>
    Reordered,
    /// <summary>A call arrives twice and runs twice.</summary>
    Duplicated,
    /// <summary>The caller gives up before the answer.</summary>
    Cancelled,
    /// <summary>A silo dies between two turns.</summary>
    SiloKilled,
    /// <summary>A silo is declared dead, but goes on for a while, and reaches the storage.</summary>
    SiloCutOff,
    /// <summary>A silo starts in the place of one that has died.</summary>
    SiloRestarted,
    /// <summary>A silo joins, and grains move to it.</summary>
    SiloJoined,
    /// <summary>A silo ends in order, and its grains move away.</summary>
    SiloDrained,
    /// <summary>The directory splits: two activations of one grain, each with callers of its own.</summary>
    TwoActivations,
    /// <summary>The storage takes long.</summary>
    StorageSlow,
    /// <summary>The storage refuses, or does it and says that it has not.</summary>
    StorageFailed,
    /// <summary>A silo dies in the middle of a write, of which a part is there.</summary>
    StorageTorn,
    /// <summary>A read misses the last write.</summary>
    StorageStale,
    /// <summary>A silo's wall clock jumps.</summary>
    ClockJumped,
}
