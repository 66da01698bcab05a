namespace OrleansRec.Model;

/// <summary>Where a training stands.</summary>
public enum TrainingPhase
{
    /// <summary>None was ever started.</summary>
    Idle,
    /// <summary>User shards fix what is trained on.</summary>
    Freezing,
    /// <summary>Item shards gather their orientation of the pairs.</summary>
    Gathering,
    /// <summary>User shards learn the item rows.</summary>
    Mapping,
    /// <summary>Item shards take start values or a checkpoint.</summary>
    Starting,
    /// <summary>Users are solved.</summary>
    SolvingUsers,
    /// <summary>Items are solved.</summary>
    SolvingItems,
    /// <summary>Item shards prepare the new version.</summary>
    Publishing,
    /// <summary>Published.</summary>
    Done,
    /// <summary>Stopped by request.</summary>
    Stopped,
    /// <summary>Failed, with a reason.</summary>
    Failed,
    /// <summary>User shards compare the new version with the current one, between the last sweep and publishing.</summary>
    Measuring,
    /// <summary>Not published, because it is worse than the current version.</summary>
    Refused,
    /// <summary>One item shard takes epochs of the sequence model, between the last sweep and measuring.</summary>
    LearningSequences,
}

/// <summary>What phases have in common.</summary>
public static class TrainingPhases
{
    /// <summary>Whether a training in this phase has ended, or never began.</summary>
    public static bool IsEnd(this TrainingPhase phase) =>
        phase is TrainingPhase.Idle or TrainingPhase.Done or TrainingPhase.Stopped or TrainingPhase.Failed or TrainingPhase.Refused;
}
