using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: an entry's probability is the calibration of its blended score, and of nothing else. Method: the companion as it is stored, beside lists with their parts.</summary>
public sealed class ProbabilityTests
{
    [Fact]
    public void Probability_OfEveryBlendedEntry_IsTheSigmoidOfItsParts_AndFallsWithTheScore() => Run(async (cluster, companion) =>
    {
        Sigmoid sigmoid = companion.Sigmoid!;
        Assert.True(sigmoid.Slope > 0);
        for (int user = 0; user < 10; user++)
        {
            RecommendationList list = await cluster.User($"u{user}").Recommend(new() { K = 40, Shape = new() { Scenario = "home", Probability = true, Explain = true } });
            double last = 1;
            for (int n = 0; n < list.Items.Length; n++)
            {
                EntryNote note = list.Notes![n];
                if (IsOfRung(list.Items[n]))
                {
                    Assert.Null(note.Probability);
                    continue;
                }
                Assert.Equal(sigmoid.Of(note.Parts!.Sum(p => p.Amount)), note.Probability!.Value, 1e-5);
                Assert.InRange(note.Probability.Value, 0, last);
                last = note.Probability.Value;
            }
            Assert.True(last < 1);
        }
    });

    [Fact]
    public void Probability_NotAsked_IsAbsent_AndAScenarioMayAsk() => Run(async (cluster, _) =>
    {
        Assert.Null((await cluster.User("u0").Recommend(new() { Shape = new() { Scenario = "home" } })).Notes);
        Assert.All((await cluster.User("u0").Recommend(new() { Shape = new() { Scenario = "home", Explain = true } })).Notes!, n => Assert.Null(n.Probability));
        await cluster.Tenant.ShopRules.SetScenario("sure", """{"probability":true}""");
        RecommendationList list = await cluster.User("u0").Recommend(new() { K = 3, Shape = new() { Scenario = "sure" } });
        Assert.All(list.Notes!, n => Assert.InRange(n.Probability!.Value, 0, 1));
        Assert.All(list.Notes!, n => Assert.Null(n.Parts));
    });

    /// <summary>The calibration was learned of the learned blend: of other weights it says nothing.</summary>
    [Fact]
    public void Probability_OfOtherWeights_IsAbsent() => Run(async (cluster, companion) =>
    {
        ListShape shape = new() { Scenario = "home", Probability = true };
        Assert.Null((await cluster.User("u0").Recommend(new() { Shape = shape with { Weights = [new("als", 3)] } })).Notes);
        Assert.Null((await cluster.User("u0").Recommend(new() { Shape = shape with { Scenario = "item", PageItem = "g4" } })).Notes);
        bool isOfFactors = companion.Weights.Equals(ModelCompanion.FactorsAlone);
        Assert.Equal(isOfFactors, (await cluster.User("u0").Recommend(new() { Shape = new() { Probability = true } })).Notes is not null);
    });

    private static bool IsOfRung(RecommendedItem item) => Model.Ranking.LadderRungs.All.Contains(item.Source) && item.Score < 0 && item.Score == Math.Floor(item.Score);

    private static void Run(Func<GrainCluster, ModelCompanion, Task> test) => TwoKinds.Run(async cluster =>
    {
        LogSnapshot kept = (await cluster.Store.ReadSnapshot(LogStreams.Companion(Model.TenantId.Default, 1)))!;
        await test(cluster, CompanionCoding.Read(kept.Content.Span));
    });
}
