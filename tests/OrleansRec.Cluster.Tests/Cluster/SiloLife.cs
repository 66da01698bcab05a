using Orleans;

namespace OrleansRec.Cluster.Tests.Cluster;

/// <summary>
/// Whether one silo lives. From the moment of its death nothing that it still does reaches a store or a state, as when its process is killed.
/// </summary>
public sealed class SiloLife(SiloCluster cluster) : IIncomingGrainCallFilter
{
    private readonly TaskCompletionSource never = new();

    public bool IsDead { get; private set; }

    /// <summary>From here on nothing comes back from a store.</summary>
    public void Die() => IsDead = true;

    /// <summary>A call that a dead silo makes to a store never ends; one that death overtakes may have had its effect, but is not answered.</summary>
    public async Task<T> While<T>(Func<Task<T>> call)
    {
        if (IsDead)
            await never.Task;
        try
        {
            return await call();
        }
        finally
        {
            // Neither an answer nor a failure, such as of what was disposed of under the call.
            if (IsDead)
                await never.Task;
        }
    }

    public Task While(Func<Task> call) => While(async () =>
    {
        await call();
        return true;
    });

    /// <summary>Dies before or after a call, where the test says so.</summary>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        cluster.EndAt(this, context, isAfter: false);
        await While(() => context.Invoke());
        if (cluster.EndAt(this, context, isAfter: true))
            await never.Task;
    }
}
