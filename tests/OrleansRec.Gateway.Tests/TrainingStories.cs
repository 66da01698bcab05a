using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: a training can be started, watched and its model promoted over HTTP.</summary>
public sealed class TrainingStories(SharedHost shared)
{
    [Fact]
    public async Task Training_Done_IsTheCurrentModelWithItsPlan()
    {
        TrainingInfo training = await shared.Client.GetTrainingAsync();
        ModelsAnswer models = await shared.Client.ListModelsAsync();

        Assert.Equal(("done", true, 5), (training.Phase, training.IsOver, training.Losses.Length));
        ModelEntry model = Assert.Single(models.Models);
        Assert.Equal(models.Current, model.Version);
        Assert.Equal(("implicit", 2, "scaled", 5), (model.Plan.Objective, model.Plan.Rank, model.Plan.Confidence, model.Plan.Sweeps));
        Assert.Equal(5, model.Plan.TypeWeights!["purchase"]);
        Assert.True(model.Items >= 10);
    }

    [Fact]
    public async Task Promote_VersionNotHeld_Is404()
    {
        Assert.False(await shared.Client.PromoteAsync(99));
        Assert.True(await shared.Client.PromoteAsync((await shared.Client.ListModelsAsync()).Current));
    }

    [Theory]
    [InlineData("""{"rank":0}""", "rank")]
    [InlineData("""{"lambda":-1}""", "lambda")]
    [InlineData("""{"sweeps":1001}""", "sweeps")]
    [InlineData("""{"objective":"best"}""", "objective")]
    [InlineData("""{"typeWeights":{"wink":1}}""", "typeWeights")]
    [InlineData("""{"typeWeights":{"view":-1}}""", "typeWeights.view")]
    [InlineData("""{"kind":"deep"}""", "kind")]
    [InlineData("""{"kind":"als","sequence":{"width":8}}""", "sequence")]
    [InlineData("""{"kind":"both","sequence":{"width":0}}""", "sequence.width")]
    [InlineData("""{"kind":"both","sequence":{"heads":3}}""", "sequence.heads")]
    [InlineData("""{"kind":"sequence","sequence":{"loss":"hinge"}}""", "sequence.loss")]
    public async Task StartTraining_PlanOutOfRange_NamesTheOption(string plan, string field)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/training", plan);

        Assert.Equal(400, status);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.NotEmpty(problem.GetProperty("rule").GetString()!);
    }

    [Fact]
    public async Task StopTraining_NoneUnderWay_IsFalse() => Assert.False(await shared.Client.StopTrainingAsync());

    [Fact]
    public async Task GetStatus_AfterAllThis_AddsUpTheShards()
    {
        ServerStatus status = await shared.Client.GetStatusAsync();

        Assert.Equal((3, 2), (status.UserShards.Length, status.ItemShards.Length));
        Assert.True(status.Users >= 20 && status.Events >= 80 && status.CatalogueItems >= 10, status.ToString());
        Assert.True(status.Traffic.Requests > 0 && status.Traffic.Events >= 80);
        Assert.Contains(status.Traffic.Groups, g => g.Name == "events" && g.Requests > 0 && g.P50Ms > 0 && g.P50Ms <= g.P99Ms);
    }
}
