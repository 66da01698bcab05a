using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>The training under way, or the last one.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Version">The version it makes; 0 where none was ever started.</param>
/// <param name="Plan">Its plan, or null.</param>
/// <param name="Sweep">The sweep under way or last done; 1 … Sweeps, 0 before the first.</param>
/// <param name="ShardsDone">Shards that have reported in this phase …</param>
/// <param name="ShardsTotal">… of so many.</param>
/// <param name="Losses">The objective after each sweep done.</param>
/// <param name="Users">User rows; 0 until known.</param>
/// <param name="Items">Item rows; 0 until known.</param>
/// <param name="Pairs">Observed pairs; 0 until known.</param>
/// <param name="StartedMs">When it was started.</param>
/// <param name="EndedMs">When it ended, or 0.</param>
/// <param name="SweepSeconds">Time of each sweep done.</param>
/// <param name="Reason">Why it failed or was refused, or null.</param>
/// <param name="Silo">The silo that the coordinator is on; empty where there is one.</param>
/// <param name="Quality">How its version compares with the one that was current; null where it is not measured, or not yet.</param>
/// <param name="Sequence">How far its sequence model is; null where it has none.</param>
[GenerateSerializer, Immutable, Alias("rec.training-status")]
public sealed record TrainingStatus(
    TrainingPhase Phase, long Version, TrainingPlan? Plan, int Sweep, int ShardsDone, int ShardsTotal, double[] Losses,
    long Users, long Items, long Pairs, long StartedMs, long EndedMs, double[] SweepSeconds, string? Reason, string Silo = "",
    ModelQuality? Quality = null, SequenceStatus? Sequence = null)
{
    /// <summary>Whether it has ended, or never began.</summary>
    public bool IsOver => Phase.IsEnd();
}
