using System.Net;
using Orleans.Runtime;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Silo.Placement;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>Where the product's rule puts the default tenant's shards and coordinator on silos of this machine.</summary>
internal sealed class SiloHomes(ShardMap shards)
{
    private const int DrawsMax = 1_000;

    private readonly HomePlacementDirector homes = new(shards);

    /// <summary>A port for each silo, so that every silo is the home of shards of both sides. By chance of the ports alone one could be left without.</summary>
    public int[] Ports(int silos)
    {
        int[] free = FreePorts.Take(silos * 8);
        for (int draw = 0; draw < DrawsMax; draw++)
        {
            Random.Shared.Shuffle(free);
            int[] ports = free[..silos];
            if (Of(GrainHome.UserShard, shards.UserShards, ports).Distinct().Count() == silos && Of(GrainHome.ItemShard, shards.ItemShards, ports).Distinct().Count() == silos)
                return ports;
        }
        throw new InvalidOperationException($"{shards} on {silos} silos leave one without shards at {DrawsMax} draws of its port.");
    }

    /// <summary>Whether a silo's status names the home of every shard, and that of the coordinator if it names the coordinator's silo.</summary>
    /// <param name="status">What the silo answered.</param>
    /// <param name="ports">Of the silos that run.</param>
    /// <param name="portOf">The port in a silo's identity.</param>
    public bool Hold(ServerStatus status, int[] ports, Func<string, int> portOf) =>
        status.UserShards.OrderBy(s => s.Shard).Select(s => portOf(s.Silo!)).SequenceEqual(Of(GrainHome.UserShard, shards.UserShards, ports))
        && status.ItemShards.OrderBy(s => s.Shard).Select(s => portOf(s.Silo!)).SequenceEqual(Of(GrainHome.ItemShard, shards.ItemShards, ports))
        && (status.TrainingSilo is not { } coordinator || portOf(coordinator) == Home("trainingcoordinator", new GrainKey(TenantId.Default, GrainKey.Coordinator).ToString(), ports));

    private int[] Of(string type, int count, int[] ports) =>
        [.. Enumerable.Range(0, count).Select(shard => Home(type, GrainKey.Shard(TenantId.Default, shard).ToString(), ports))];

    private int Home(string type, string key, int[] ports) =>
        homes.HomeOf(GrainId.Create(type, key), [.. ports.Select(port => SiloAddress.New(IPAddress.Loopback, port, 0))]).Endpoint.Port;
}
