using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>What a tenant may use, and that one at its bounds does not hold up another.</summary>
public sealed class QuotaStories(SharedHost shared)
{
    [Fact]
    public async Task Quota_OfEventsUsersAndItems_RefusesWhatWouldAddOneAndServesTheRest()
    {
        await using GatewayHost server = await GatewayHost.Start(o => (o.UsagePeriod, o.KeysAgeMax) = (TimeSpan.Zero, TimeSpan.Zero));
        using RecommenderClient system = await server.Client(KeyScopes.System);
        using RecommenderClient client = await Tenant(server, system, "small", new(EventsMax: 3, UsersMax: 1, ItemsMax: 1));
        await client.RecordEventsAsync([Event("ann", "1")]);
        await client.PutItemAsync("cup", new() { Title = "Cup" });

        Assert.Equal((403, "users"), await Refusal(() => client.RecordEventsAsync([Event("bob", "1")])));
        Assert.Equal((403, "items"), await Refusal(() => client.PutItemAsync("pot", new() { Title = "Pot" })));
        await client.RecordEventsAsync([Event("ann", "2"), Event("ann", "3")]);
        Assert.Equal((403, "events"), await Refusal(() => client.RecordEventsAsync([Event("ann", "4")])));
        await client.PutItemAsync("cup", new() { Title = "Another title" });
        Assert.Equal(3, (await client.GetUserAsync("ann"))!.Events);

        Assert.True(await system.SetQuotaAsync("small", new()));
        await client.RecordEventsAsync([Event("bob", "1")]);
        Assert.Equal(1, (await client.GetUserAsync("bob"))!.Events);
    }

    [Fact]
    public async Task Quota_OfRequests_IsTheTenantsOverAllItsKeys()
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        NewTenantAnswer made = (await system.CreateTenantAsync(new("few", new(RequestsPerSecond: 0.01))))!;
        Assert.Equal(200, await Status(shared.Server, made.Key));
        Assert.Equal(429, await Status(shared.Server, made.Key));
        Assert.Equal(200, await Status(shared.Server, await shared.Server.Key(KeyScopes.Read)));
        Assert.Equal(0.01, (await system.ListTenantsAsync()).Tenants.Single(t => t.Name == "few").Quota.RequestsPerSecond);
    }

    [Fact]
    public async Task Tenant_ThatFillsItsPlaces_LeavesTheOthersTheirs()
    {
        var leave = new TaskCompletionSource<TrainingInfo>();
        var entered = new SemaphoreSlim(0);
        var verbs = Substitute.For<IRecommender>();
        verbs.GetTrainingAsync(Arg.Any<CancellationToken>()).Returns(_ =>
        {
            entered.Release();
            return leave.Task;
        });
        await using GatewayHost server = await GatewayHost.Start(
            o => (o.ConcurrentRequestsMax, o.TenantConcurrentRequestsMax, o.TenantQueuedRequestsMax) = (3, 2, 0), services => services.AddScoped(_ => verbs));
        NewTenantAnswer acme = (await server.Verbs.CreateTenantAsync(new("acme")))!;
        string mine = await server.Key(KeyScopes.Read);
        Task<int>[] held = [Status(server, acme.Key), Status(server, acme.Key)];
        for (int i = 0; i < held.Length; i++)
            Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Equal(429, await Status(server, acme.Key));
        Task<int> other = Status(server, mine);
        Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)), "the other tenant was not served");
        leave.SetResult(new("idle", true, 0, null, 0, 0, 0, [], 0, 0, 0, null, null, [], null));
        int[] served = await Task.WhenAll([.. held, other]);
        Assert.Equal([200, 200, 200], served);
    }

    [Theory]
    [InlineData(0.0, null, "requestsPerSecond")]
    [InlineData(null, 0, "concurrentRequests")]
    public async Task SetQuota_OutOfRange_NamesTheField(double? rate, int? concurrent, string field)
    {
        using RecommenderClient system = await shared.Server.Client(KeyScopes.System);
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => system.SetQuotaAsync("default", new(rate, concurrent)));
        Assert.Equal((400, field), (e.Problem.Status, e.Problem.Field));
        Assert.False(await system.SetQuotaAsync("nobody", new()));
    }

    private static EventInput Event(string user, string id) => new() { UserId = user, ItemId = "cup", Type = "view", EventId = id };

    private static async Task<RecommenderClient> Tenant(GatewayHost server, RecommenderClient system, string name, QuotaInfo quota) =>
        new(server.Address, (await system.CreateTenantAsync(new(name, quota)))!.Key);

    private static async Task<(int, string?)> Refusal(Func<Task> call)
    {
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(call);
        return (e.Problem.Status, e.Problem.Field);
    }

    private static async Task<int> Status(GatewayHost server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/training");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
