using Orleans;
using Orleans.Core.Internal;
using Orleans.Runtime;
using OrleansRec.Simulation.Engine.Activations;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>
/// Asks the grains to move whose home is another silo since silos came or went: bounded many in a period, slow ones first, one after the other by a call, as the product's
/// HomeMoves does. The call waits until the grain has begun, and until none of its calls runs. Activations that the directory does not name are ended.
/// </summary>
internal sealed class HomeMoves(GrainPlaces places, Func<IReadOnlyList<SimulatedSilo>> active, ClusterOptions options, EventTrace trace)
{
    private readonly HashSet<SimulatedSilo> _asking = [];

    /// <summary>Looks once on every active silo that does not wait for an answer yet.</summary>
    public void Look()
    {
        var silos = active();
        foreach (var silo in silos)
        {
            EndDuplicates(silo);
            if (_asking.Add(silo))
                _ = Ask(silo, Away(silo, silos));
        }
    }

    // No call reaches an activation that the directory does not name, so nobody can ask it to move. Orleans' directory ends it.
    private void EndDuplicates(SimulatedSilo silo)
    {
        foreach (var activation in silo.Activations.Where(a => !places.IsWorker(a.GrainId) && !places.IsPlace(silo, a.GrainId)).ToArray())
            activation.Deactivate(new(DeactivationReasonCode.DuplicateActivation, "Another activation holds the identity."));
    }

    private GrainId[] Away(SimulatedSilo silo, IReadOnlyList<SimulatedSilo> silos)
    {
        GrainId[] away = [.. silo.Activations.Select(a => a.GrainId).Where(g => !places.IsWorker(g) && places.IsAway(g, silo, silos))];
        return [.. away.Where(IsSlow).Take(options.SlowMovesMax), .. away.Where(g => !IsSlow(g)).Take(options.OtherMovesMax)];
    }

    private async Task Ask(SimulatedSilo silo, GrainId[] grains)
    {
        try
        {
            foreach (var grain in grains)
            {
                trace.Add($"{silo} asks {grain} to move");
                await silo.GrainFactory.GetGrain(grain).AsReference<IGrainManagementExtension>().MigrateOnIdle();
            }
        }
        catch (Exception failure)
        {
            // The rest is asked at the next look.
            trace.Add($"{silo} asks in vain: {failure.GetType().Name}");
        }
        finally
        {
            _asking.Remove(silo);
        }
    }

    private bool IsSlow(GrainId grain) => options.MovesSlowly(grain.Type);
}
