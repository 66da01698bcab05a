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
}
