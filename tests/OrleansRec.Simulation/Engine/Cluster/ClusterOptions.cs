using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using OrleansRec.Model;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>What a simulated cluster runs, and the limits that Orleans has as options. Where nothing is said, Orleans' own defaults.</summary>
public sealed class ClusterOptions
{
    /// <summary>Where grain classes are looked for. Grain interfaces and wire types may be in other assemblies that Orleans' code generator has seen.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>Grain classes to be run instead of classes of the assemblies, under the same names: a stand-in with a fault shows what finds it.</summary>
    public IDictionary<Type, Type> StandIns { get; } = new Dictionary<Type, Type>();

    /// <summary>Orleans' serialiser for everything that these assemblies have.</summary>
    public Serializer Serializer => GrainTypes.Of([.. GrainAssemblies]).Services.GetRequiredService<Serializer>();

    /// <summary>Adds what the grains of a silo are given: stores, options, a <see cref="TimeProvider"/>. The runtime's own services are there already.</summary>
    public Action<SimulatedSilo, IServiceCollection> ConfigureServices { get; set; } = (_, _) => { };

    /// <summary>The purpose that a method ("interface.method") has whoever calls it, or null.</summary>
    public Func<string, string?> PurposeOf { get; set; } = _ => null;

    /// <summary>The hash by which a grain's silo is chosen: grains with one key live together.</summary>
    public Func<GrainId, ulong> HomeKeyOf { get; set; } = grain => IdHash.Of(grain.ToString());

    /// <summary>How long a caller waits for an answer. Default: 30 s. A method can say otherwise by [ResponseTimeout].</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many activations a stateless worker has on a silo where its attribute does not say. Default: 2; Orleans takes the number of processors.</summary>
    public int StatelessWorkersMax { get; set; } = 2;

    /// <summary>How long an activation may be idle before it is collected. Default: 15 min. A class can say otherwise by [KeepAlive] or [CollectionAgeLimit].</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. Default: 1 min.</summary>
    public TimeSpan CollectionPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>When the token given to OnActivateAsync is cancelled. Default: 30 s.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation waits for its OnDeactivateAsync. Default: 30 s. Then it ends without.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo that ends in order waits for its activations. Default: 30 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a silo looks for grains whose home is another one. Default: 2 s, as in the product; infinite for never.</summary>
    public TimeSpan MovePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Grains of the kind <see cref="MovesSlowly"/> that a silo gives away in one <see cref="MovePeriod"/>. Default: 2.</summary>
    public int SlowMovesMax { get; set; } = 2;

    /// <summary>Other grains that a silo gives away in one <see cref="MovePeriod"/>. Default: 500.</summary>
    public int OtherMovesMax { get; set; } = 500;

    /// <summary>Whether a grain of a type takes long to move.</summary>
    public Func<GrainType, bool> MovesSlowly { get; set; } = _ => false;
}
