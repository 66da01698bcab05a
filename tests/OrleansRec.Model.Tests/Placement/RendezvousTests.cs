using OrleansRec.Model;

namespace OrleansRec.Model.Tests.Placement;

/// <summary>What placement promises: the same node whoever asks, even shares, and no key that moves without need. Method: many keys over 1 to 12 nodes, and every node of them joining or leaving.</summary>
public sealed class RendezvousTests
{
    private const int KeyCount = 20_000;

    [Fact]
    public void Choose_NoNode_IsRefused() => Assert.Throws<ArgumentException>(() => Rendezvous.Choose(1, []));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    public void Choose_NodesInAnotherOrder_ChoosesTheSame(int count)
    {
        ulong[] nodes = Nodes(count), reversed = [.. nodes.Reverse()];

        foreach (ulong key in Keys())
            Assert.Equal(nodes[Rendezvous.Choose(key, nodes)], reversed[Rendezvous.Choose(key, reversed)]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(12)]
    public void Choose_ManyKeys_GivesEveryNodeItsShare(int count)
    {
        var shares = new int[count];
        foreach (ulong key in Keys())
            shares[Rendezvous.Choose(key, Nodes(count))]++;

        // A share is binomial with n = 20,000 and p = 1/count: five standard deviations.
        double mean = KeyCount / (double)count, most = 5 * Math.Sqrt(mean * (1 - 1.0 / count));
        Assert.All(shares, share => Assert.InRange(share, mean - most, mean + most));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(11)]
    public void Choose_ANodeJoins_MovesKeysToItOnly(int count)
    {
        ulong[] before = Nodes(count), after = Nodes(count + 1);
        int moved = 0;
        foreach (ulong key in Keys())
        {
            ulong home = after[Rendezvous.Choose(key, after)];
            if (home == before[Rendezvous.Choose(key, before)])
                continue;
            Assert.Equal(after[^1], home);
            moved++;
        }
        double mean = KeyCount / (count + 1.0);
        Assert.InRange(moved, mean * 0.9, mean * 1.1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    public void Choose_ANodeLeaves_MovesItsKeysOnly(int count)
    {
        ulong[] before = Nodes(count);
        for (int gone = 0; gone < count; gone++)
        {
            ulong[] after = [.. before.Where((_, node) => node != gone)];
            foreach (ulong key in Keys())
            {
                ulong home = before[Rendezvous.Choose(key, before)];
                if (home != before[gone])
                    Assert.Equal(home, after[Rendezvous.Choose(key, after)]);
            }
        }
    }

    private static IEnumerable<ulong> Keys() => Enumerable.Range(0, KeyCount).Select(n => IdHash.Of($"default/users/{n}"));

    private static ulong[] Nodes(int count) => [.. Enumerable.Range(0, count).Select(n => IdHash.Of($"10.0.0.{n + 1}:11111"))];
}
