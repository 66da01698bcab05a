using OrleansRec.Api;
using OrleansRec.Client;
using OrleansRec.Gateway.Tests;

[assembly: AssemblyFixture(typeof(SharedHost))]

namespace OrleansRec.Gateway.Tests;

/// <summary>
/// One server for all stories, with a model of two tastes: users a0 … a9 bought tea things (tea-0 … tea-4), users b0 … b9 bought ink things
/// (ink-0 … ink-4), each all but one, so that the one left out is what a model of two factors must find. Stories use users and items of their own names.
/// </summary>
public sealed class SharedHost : IAsyncLifetime
{
    public GatewayHost Server { get; private set; } = null!;

    /// <summary>What the typed client says with an admin key.</summary>
    public RecommenderClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await GatewayHost.Start();
        Client = await Server.Client();
        await Client.PutItemsAsync([.. from taste in (string[])["tea", "ink"] from i in Enumerable.Range(0, 5) select new ItemInput { ItemId = $"{taste}-{i}", Title = $"{taste} {i}", Categories = [taste], Price = 10 + i, Stock = 5 }]);
        await Client.RecordEventsAsync([.. from user in Enumerable.Range(0, 10) from i in Enumerable.Range(0, 5) where i != user % 5 select Purchase($"a{user}", $"tea-{i}")]);
        await Client.RecordEventsAsync([.. from user in Enumerable.Range(0, 10) from i in Enumerable.Range(0, 5) where i != user % 5 select Purchase($"b{user}", $"ink-{i}")]);
        await Train(Client, Server);
    }

    public static EventInput Purchase(string user, string item) => new() { UserId = user, ItemId = item, Type = "purchase", EventId = $"{user}/{item}" };

    /// <summary>Trains and waits for the end, at most two minutes.</summary>
    public static async Task Train(IRecommender recommender, GatewayHost server)
    {
        TrainingStartedAnswer started = await recommender.StartTrainingAsync(new() { Rank = 2, Lambda = 0.1, Sweeps = 5 });
        Assert.True(started.Started);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        TrainingInfo info;
        while (!(info = await recommender.GetTrainingAsync(limit.Token)).IsOver)
            await Task.Yield();
        Assert.True(info.Phase == "done", $"The training ended as {info.Phase}: {info.Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
