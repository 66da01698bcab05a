using System.Buffers;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Popularity;
using OrleansRec.Model.Tests.Companions;

namespace OrleansRec.Model.Tests.Popularity;

/// <summary>Goal: a segment's items are those that most of its users like, and no segment tells of single users. Method: planted users against counts from scratch; companions with segments as bytes, whole and damaged.</summary>
public sealed class SegmentRanksTests
{
    private static readonly string[] _items = [.. Enumerable.Range(0, 6).Select(n => $"i{n}")];

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Of_RandomUsers_IsTheCountFromScratch(int seed)
    {
        var random = new Random(seed);
        var users = Enumerable.Range(0, 60).Select(u => (Id: $"u{u}", Country: $"country={"ABCD"[random.Next(4)]}",
            Items: Enumerable.Range(0, random.Next(1, 9)).Select(_ => (Item: random.Next(_items.Length), IsLike: random.Next(4) > 0)).ToArray())).ToArray();

        SegmentRanks ranks = SegmentRanks.Of(Histories(users.Select(u => (u.Id, (string[])[u.Country], u.Items))));

        Assert.Equal(users.GroupBy(u => u.Country).Where(g => g.Count() >= SegmentRanks.UsersMin).Select(g => g.Key).Order(), ranks.All.Keys.Order());
        foreach ((string key, SegmentRank rank) in ranks.All)
        {
            var own = users.Where(u => u.Country == key).ToArray();
            var expected = Enumerable.Range(0, _items.Length).Select(item => (Item: item, Count: own.Count(u => u.Items.Contains((item, true)))))
                .Where(c => c.Count > 0).OrderByDescending(c => c.Count).ThenBy(c => _items[c.Item], StringComparer.Ordinal).ToArray();
            Assert.Equal(own.Length, rank.Users);
            Assert.Equal(expected, rank.Items.Zip(rank.Counts));
        }
    }

    [Fact]
    public void Of_SegmentOfFewUsers_IsNotCounted()
    {
        SegmentRanks Of(int users) => SegmentRanks.Of(Histories(Enumerable.Range(0, users).Select(u => ($"u{u}", (string[])["a=1"], ((int, bool)[])[(0, true)]))));
        Assert.Empty(Of(SegmentRanks.UsersMin - 1).All);
        Assert.Equal([SegmentRanks.UsersMin], Of(SegmentRanks.UsersMin).All["a=1"].Counts);
    }

    [Fact]
    public void Of_ManyUsersAndSegments_KeepsToItsBounds()
    {
        var users = Enumerable.Range(0, (SegmentRanks.SegmentsMax + 3) * SegmentRanks.UsersMin).Select(u => ($"u{u}", (string[])[$"a={u / SegmentRanks.UsersMin:d4}", new string('x', 1000)], ((int, bool)[])[(0, true)]));
        SegmentRanks ranks = SegmentRanks.Of(Histories(users));
        // Equal numbers of users: the first by key.
        Assert.Equal(Enumerable.Range(0, SegmentRanks.SegmentsMax).Select(n => $"a={n:d4}"), ranks.All.Keys.Order(StringComparer.Ordinal));
        ShopHistories many = Histories([("u", [.. Enumerable.Range(0, 20).Select(n => $"a{n:d2}=1")], [(0, true)])]);
        Assert.Equal(ShopHistories.UserSegmentsMax, many.SegmentsOf(0).Length);
    }

    /// <summary>Users that are let go take their segments with them: a mix-up would give a user another one's.</summary>
    [Fact]
    public void Histories_MoreEventsThanAreKept_KeepEachUsersOwnSegment()
    {
        var users = Enumerable.Range(0, 200).Select(u => ($"u{u}", (string[])[$"own=u{u}"], Enumerable.Range(0, u % 4).Select(n => (n, true)).ToArray())).ToArray();
        ShopHistories kept = Histories(users, eventsMax: 100), sampled = kept.Sampled(0.5);
        Assert.InRange(kept.UserCount, 10, 150);
        foreach (ShopHistories each in (ShopHistories[])[kept, sampled])
            for (int user = 0; user < each.UserCount; user++)
                Assert.Equal($"own={each.UserId(user)}", each.SegmentKeys[Assert.Single(each.SegmentsOf(user).ToArray())]);
    }

    [Theory]
    [InlineData("DE", "country=DE")]
    [InlineData("plan=pro", "plan=pro")]
    [InlineData(null, "country=FR")]
    public void KeyFor_TheRequestComesBeforeTheUser(string? asked, string expected) =>
        Assert.Equal(expected, SegmentRanks.KeyFor(asked, "country", new Dictionary<string, string> { ["country"] = "FR", ["segment"] = "x" }));

    [Fact]
    public void KeyFor_NothingKnown_IsNone() => Assert.Null(SegmentRanks.KeyFor(null, "country", new Dictionary<string, string> { ["segment"] = "x" }));

    [Fact]
    public void Coding_RoundTripsSegments_AndRefusesWhatNoWriterMakes()
    {
        ModelCompanion companion = CompanionBuilder.Build(TwoTastes.Source());
        Assert.Empty(companion.Segments.All);
        ModelCompanion With(params (string, SegmentRank)[] segments) => companion with { Segments = new() { All = segments.ToDictionary(s => s.Item1, s => s.Item2) } };
        ModelCompanion read = Read(With(("b", new(9, [3, 1], [7, 7])), ("a", new(5, [], []))));
        Assert.Equal(["a", "b"], read.Segments.All.Keys.Order());
        Assert.Equal((9, "3,1", "7,7"), (read.Segments.All["b"].Users, string.Join(',', read.Segments.All["b"].Items), string.Join(',', read.Segments.All["b"].Counts)));
        Assert.Empty(Read(companion).Segments.All);
        foreach (SegmentRank bad in (SegmentRank[])[new(9, [TwoTastes.Items], [1]), new(9, [1], [0]), new(9, [1], [10]), new(9, [1, 2], [3, 4]), new(9, [1, 1], [3, 3])])
            Assert.Throws<CorruptLogException>(() => Read(With(("a", bad))));
    }

    private static ModelCompanion Read(ModelCompanion companion)
    {
        var into = new ArrayBufferWriter<byte>();
        CompanionCoding.Write(companion, into);
        return CompanionCoding.Read(into.WrittenSpan);
    }

    private static ShopHistories Histories(IEnumerable<(string Id, string[] Segments, (int Item, bool IsLike)[] Items)> users, int eventsMax = 1_000_000)
    {
        var builder = new ShopHistories.Builder(_items, eventsMax);
        foreach (var user in users.OrderBy(u => RowKey.Of(u.Id)))
        {
            builder.BeginUser(user.Id, user.Segments);
            foreach ((int item, bool isLike) in user.Items)
                builder.Add(_items[item], 1, 1, null, isLike, false);
        }
        return builder.Build();
    }
}
