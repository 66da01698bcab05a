namespace OrleansRec.Model;

/// <summary>How the rows of a training are dealt to shards, and the shards to silos.</summary>
/// <param name="UserRows">Rows of each user shard, shape (P).</param>
/// <param name="ItemRows">Rows of each item shard, shape (Q).</param>
/// <param name="UserSilos">The silo of each user shard, shape (P), 0 … silos − 1.</param>
/// <param name="ItemSilos">The silo of each item shard, shape (Q).</param>
/// <param name="CoordinatorSilo">The silo of the training's coordinator.</param>
public sealed record TrainingLayout(
    IReadOnlyList<int> UserRows, IReadOnlyList<int> ItemRows, IReadOnlyList<int> UserSilos, IReadOnlyList<int> ItemSilos, int CoordinatorSilo)
{
    /// <summary>The layout in which everything is dealt evenly.</summary>
    /// <param name="users">U.</param>
    /// <param name="items">I.</param>
    /// <param name="userShards">P, 1 … 1,024.</param>
    /// <param name="itemShards">Q, 1 … 1,024.</param>
    /// <param name="silos">S, ≥ 1.</param>
    public static TrainingLayout Even(long users, long items, int userShards, int itemShards, int silos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(silos, 1);
        return new(Rows(users, userShards), Rows(items, itemShards), Silos(userShards, silos), Silos(itemShards, silos), 0);
    }

    /// <summary>How many silos hold a shard.</summary>
    public int SiloCount => UserSilos.Concat(ItemSilos).Append(CoordinatorSilo).Distinct().Count();

    private static int[] Rows(long rows, int shards) =>
        [.. Enumerable.Range(0, shards).Select(s => checked((int)(rows * (s + 1) / shards - rows * s / shards)))];

    private static int[] Silos(int shards, int silos) => [.. Enumerable.Range(0, shards).Select(s => (int)((long)s * silos / shards))];
}
