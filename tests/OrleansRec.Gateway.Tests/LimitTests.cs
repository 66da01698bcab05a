using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: overload and trouble behind the gateway are answered by name, with Retry-After where waiting helps. Method: a recommender that is told how to behave.</summary>
public sealed class LimitTests
{
    private static readonly TrainingInfo Idle = new("idle", true, 0, null, 0, 0, 0, [], 0, 0, 0, null, null, [], null);

    private readonly IRecommender _recommender = Substitute.For<IRecommender>();

    [Fact]
    public async Task Request_WhileAllPlacesAreTaken_Is429WithRetryAfter()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource<TrainingInfo>();
        _recommender.GetTrainingAsync(Arg.Any<CancellationToken>()).Returns(_ =>
        {
            entered.TrySetResult();
            return leave.Task;
        });
        await using GatewayHost server = await Start(o => (o.ConcurrentRequestsMax, o.QueuedRequestsMax) = (1, 0));
        Task<HttpResponseMessage> first = server.Http.GetAsync("/v1/training");
        await entered.Task.WaitAsync(TimeSpan.FromMinutes(1));

        HttpResponseMessage second = await server.Http.GetAsync("/v1/training");
        HttpResponseMessage health = await server.Http.GetAsync("/health/live");
        leave.SetResult(Idle);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", second.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task Request_LongerThanItsDeadline_Is503AndIsCancelled()
    {
        _recommender.GetTrainingAsync(Arg.Any<CancellationToken>()).Returns(async call =>
        {
            await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>());
            return Idle;
        });
        await using GatewayHost server = await Start(o => o.RequestDeadline = TimeSpan.FromMilliseconds(100));

        HttpResponseMessage response = await server.Http.GetAsync("/v1/training");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    public static TheoryData<Exception, int, bool> Troubles => new()
    {
        { new StoreUnavailableException("The disk is full."), 503, true },
        { new OverloadedException("The shard's queue is full."), 429, true },
        { new FencedException("epoch 3"), 503, true },
        { VersionGoneException.Of(3), 503, true },
        { new TimeoutException(), 503, true },
        { new TrainingFailedException("There are no events."), 409, false },
        { new InvalidOperationException("a secret detail"), 500, false },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Request_TroubleBehindTheGateway_IsNamed(Exception trouble, int status, bool hasRetryAfter)
    {
        _recommender.GetTrainingAsync(Arg.Any<CancellationToken>()).ThrowsAsync(trouble);
        await using GatewayHost server = await Start();

        HttpResponseMessage response = await server.Http.GetAsync("/v1/training");
        string body = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(hasRetryAfter, response.Headers.RetryAfter is not null);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_UntilTheHostSaysSo_Is503()
    {
        await using GatewayHost server = await Start();

        HttpResponseMessage before = await server.Http.GetAsync("/health/ready");
        server.App.Services.GetRequiredService<Readiness>().MarkReady();
        HttpResponseMessage after = await server.Http.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    /// <summary>The queues of all tenants were added up, so that one tenant's filled queue sent everyone's requests elsewhere.</summary>
    [Fact]
    public async Task Ready_OneTenantsQueueIsFull_IsStill200()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource<TrainingInfo>();
        _recommender.GetTrainingAsync(Arg.Any<CancellationToken>()).Returns(_ =>
        {
            entered.TrySetResult();
            return leave.Task;
        });
        await using GatewayHost server = await Start(o =>
            (o.ConcurrentRequestsMax, o.QueuedRequestsMax, o.TenantConcurrentRequestsMax, o.TenantQueuedRequestsMax) = (3, 1, 1, 1));
        server.App.Services.GetRequiredService<Readiness>().MarkReady();
        Task<HttpResponseMessage> first = server.Http.GetAsync("/v1/training");
        await entered.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Task<HttpResponseMessage>[] next = [server.Http.GetAsync("/v1/training"), server.Http.GetAsync("/v1/training")];
        // The one that is refused shows that the other one waits.
        HttpResponseMessage refused = await await Task.WhenAny(next);

        HttpResponseMessage ready = await server.Http.GetAsync("/health/ready");
        leave.SetResult(Idle);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (refused.StatusCode, ready.StatusCode));
        await first;
        await Task.WhenAll(next);
    }

    private Task<GatewayHost> Start(Action<GatewayOptions>? options = null) => GatewayHost.Start(
        o =>
        {
            o.InsecureLoopback = true;
            options?.Invoke(o);
        },
        services => services.AddSingleton(_recommender));
}
