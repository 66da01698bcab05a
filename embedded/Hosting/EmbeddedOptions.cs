using System.Reflection;

namespace OrleansRec.Embedded;

/// <summary>Settings of the engine in one process.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Where grain classes are looked for. Grain interfaces may be in other assemblies.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>Grain classes to be run instead of classes of the assemblies, under the same names. For simulations: a stand-in with a fault shows what finds it.</summary>
    public IDictionary<Type, Type> StandIns { get; } = new Dictionary<Type, Type>();

    /// <summary>
    /// Sends all arguments, results and exceptions through bytes, which finds types that could not leave the process. Costs a serialisation
    /// for each call.
    /// </summary>
    /// <value>Default: false. Tests say true.</value>
    public bool SerializeArguments { get; set; }

    /// <summary>Whether every grain interface, grain method and wire type must have an [Alias].</summary>
    /// <value>Default: true.</value>
    public bool RequireAliases { get; set; } = true;

    /// <summary>How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>.</summary>
    /// <value>Default: 30 s. A method can say otherwise by [ResponseTimeout].</value>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls may wait at one activation. One more gets a <see cref="Orleans.Runtime.LimitExceededException"/>.</summary>
    /// <value>Default: 10,000.</value>
    public int QueuedCallsMax { get; set; } = 10_000;

    /// <summary>How many activations a stateless worker may have where its attribute does not say.</summary>
    /// <value>Default: the number of processors.</value>
    public int StatelessWorkersMax { get; set; } = Environment.ProcessorCount;

    /// <summary>How long an activation may be idle before it is collected.</summary>
    /// <value>Default: 15 min. A class can say otherwise by [KeepAlive] or [CollectionAgeLimit].</value>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for.</summary>
    /// <value>Default: 1 min. A smaller number frees memory sooner and costs a walk over all activations each time.</value>
    public TimeSpan CollectionPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>When the token given to OnActivateAsync is cancelled.</summary>
    /// <value>Default: 30 s.</value>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation waits for its OnDeactivateAsync.</summary>
    /// <value>Default: 30 s. Then it ends without.</value>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping waits for running calls and for OnDeactivateAsync of all activations together.</summary>
    /// <value>Default: 30 s. Then calls that have not ended fail.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        if (GrainAssemblies.Count == 0)
            throw new InvalidOperationException($"{nameof(GrainAssemblies)} is empty; it must name at least one assembly.");
        AtLeast(QueuedCallsMax, 1, nameof(QueuedCallsMax));
        AtLeast(StatelessWorkersMax, 1, nameof(StatelessWorkersMax));
        Positive(ResponseTimeout, nameof(ResponseTimeout));
        Positive(CollectionAge, nameof(CollectionAge));
        Positive(CollectionPeriod, nameof(CollectionPeriod));
        Positive(ActivationTimeout, nameof(ActivationTimeout));
        Positive(DeactivationTimeout, nameof(DeactivationTimeout));
        Positive(StopTimeout, nameof(StopTimeout));
    }

    private static void AtLeast(int value, int least, string name)
    {
        if (value < least)
            throw new InvalidOperationException($"{name} is {value}; it must be at least {least}.");
    }

    private static void Positive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero)
            throw new InvalidOperationException($"{name} is {value}; it must be more than zero.");
    }
}
