using Orleans.Runtime;
using OrleansRec.Simulation.Engine.Activations;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>Gives away the grains whose home is another silo since silos came or went: bounded many in a period, slow ones first, as the product's HomeMoves does.</summary>
internal sealed class HomeMoves(GrainPlaces places, Func<IReadOnlyList<SimulatedSilo>> active, ClusterOptions options, EventTrace trace)
{
    /// <summary>Looks once on every active silo.</summary>
    public void Look()
    {
        var silos = active();
        foreach (var silo in silos)
            Give(silo, silos);
    }

    private void Give(SimulatedSilo silo, IReadOnlyList<SimulatedSilo> silos)
    {
        var away = silo.Activations.Where(a => !places.IsWorker(a.GrainId) && places.IsAway(a.GrainId, silo, silos)).ToArray();
        foreach (var activation in away.Where(IsSlow).Take(options.SlowMovesMax).Concat(away.Where(a => !IsSlow(a)).Take(options.OtherMovesMax)))
        {
            trace.Add($"{activation} moves from {silo}");
            activation.Migrate(null);
        }
    }

    private bool IsSlow(Activation activation) => options.MovesSlowly(activation.GrainId.Type);
}
