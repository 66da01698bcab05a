using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: what a user buys at even distances is listed when it is due. Method: purchases whose distance is planted, through the user's grain.</summary>
public sealed class BuyAgainTests
{
    private const long DayMs = 86_400_000;

    private static readonly ListShape _again = new() { Preview = """{"parts":[{"name":"buy-again","weight":1}],"includeSeen":true,"ladder":["any"]}""", Explain = true };

    [Fact]
    public void Item_BoughtEveryTenDaysTenDaysAgo_IsFirst_AndOneThatWasBoughtOnceIsNot() => TwoKinds.Run(async cluster =>
    {
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.User("regular").Record(
        [
            .. new[] { 30, 20, 10 }.Select(days => Planted.Event("regular", "g3", timeMs: now - days * DayMs)), .. new[] { 41, 21, 1 }.Select(days => Planted.Event("regular", "g5", timeMs: now - days * DayMs)),
            Planted.Event("regular", "g7", timeMs: now - 10 * DayMs),
        ]);

        RecommendationList list = await cluster.User("regular").Recommend(new() { K = 3, Shape = _again });

        Assert.Equal("g3", list.Items[0].ItemId);
        Assert.Equal("buy-again", list.Items[0].Source);
        Assert.Equal("You have bought this before.", list.Notes![0].Sentence);
        Assert.DoesNotContain(list.Items, i => i.ItemId == "g7" && i.Source == "buy-again");
    });

    [Fact]
    public void Item_OfAUserWithoutConsent_IsNotListedAgain() => TwoKinds.Run(async cluster =>
    {
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.User("private").Record([.. new[] { 30, 20, 10 }.Select(days => Planted.Event("private", "g3", timeMs: now - days * DayMs))]);
        await cluster.User("private").Configure(new UserSettings { MayPersonalise = false });

        Assert.All((await cluster.User("private").Recommend(new() { K = 3, Shape = _again })).Items, i => Assert.NotEqual("buy-again", i.Source));
    });
}
