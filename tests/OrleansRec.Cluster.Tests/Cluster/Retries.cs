using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Gateway;

namespace OrleansRec.Cluster.Tests.Cluster;

/// <summary>What a caller does about a lost silo: the same call again, by the gateway's own rules, for a time that suffices on a machine with busy cores.</summary>
public static class Retries
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private static readonly GrainCalls calls = new(Options.Create(new GatewayOptions { CallAttemptsMax = 1_000 }), TimeProvider.System);

    /// <summary>The shard of a user.</summary>
    public static IUserShardGrain ShardOf(this TenantGrains tenant, ShardMap map, string userId) => tenant.UserShard(map.OfUser(userId));

    /// <summary>Calls until an answer comes; a failure that the gateway does not try again is one of the test.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="call">Takes the number of the attempt, from 1.</param>
    public static async Task<T> Until<T>(string what, Func<int, Task<T>> call)
    {
        using var deadline = new CancellationTokenSource(WaitMax);
        int attempt = 0;
        try
        {
            return await calls.Run(() => call(++attempt), deadline.Token);
        }
        catch (Exception failure) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {WaitMax} until {what}.", failure);
        }
    }

    public static Task<T> Until<T>(string what, Func<Task<T>> call) => Until(what, _ => call());
}
