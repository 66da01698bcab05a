using OrleansRec.Contracts;
using OrleansRec.Grains.Items;
using OrleansRec.Grains.Users;

namespace OrleansRec.Grains.Tests.Hosting;

/// <summary>Which grains live together. Method: keys of planted users, items and shards.</summary>
public sealed class GrainHomeTests
{
    private static readonly ShardMap map = new(5, 3);

    [Theory]
    [InlineData("ann")]
    [InlineData("a/b")]
    [InlineData("0")]
    [InlineData("Zoë")]
    public void KeyOf_UserAndItsShard_IsOne(string id)
    {
        Assert.Equal(GrainHome.KeyOf("user-shard", $"acme/{map.OfUser(id)}", map), GrainHome.KeyOf("user", $"acme/{id}", map));
        Assert.Equal(GrainHome.KeyOf("item-shard", $"acme/{map.OfItem(id)}", map), GrainHome.KeyOf("item", $"acme/{id}", map));
    }

    [Fact]
    public void KeyOf_DifferentShardsSidesTenantsAndTypes_AreAllDifferent()
    {
        string[] tenants = ["acme", "default"];
        ulong[] keys =
        [
            .. from tenant in tenants from type in new[] { "user-shard", "item-shard" } from shard in Enumerable.Range(0, 3) select GrainHome.KeyOf(type, $"{tenant}/{shard}", map),
            .. from tenant in tenants from type in new[] { "trainingcoordinator", "model-directory", "key-ring" } select GrainHome.KeyOf(type, $"{tenant}/x", map),
            GrainHome.KeyOf("other", "no tenant", map), GrainHome.KeyOf("other", "/no tenant", map),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void KeyOf_TheLongestId_IsTaken() => Assert.NotEqual(0UL, GrainHome.KeyOf("user", $"acme/{new string('x', 256)}", map));

    [Fact]
    public void GrainTypes_OfUsersItemsAndShards_AreThoseThatPlacementKnows() => Assert.Equal(
        [GrainHome.User, GrainHome.UserShard, GrainHome.Item, GrainHome.ItemShard],
        [TypeOf<UserGrain>(), TypeOf<UserShardGrain>(), TypeOf<ItemGrain>(), TypeOf<ItemShardGrain>()]);

    private static string TypeOf<T>() =>
        (string)typeof(T).CustomAttributes.Single(a => a.AttributeType == typeof(Orleans.GrainTypeAttribute)).ConstructorArguments[0].Value!;
}
