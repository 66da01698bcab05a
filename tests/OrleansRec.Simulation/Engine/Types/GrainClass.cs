using System.Globalization;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace OrleansRec.Simulation.Engine.Types;

/// <summary>A grain class and what its attributes say, read from the properties that Orleans itself makes of them.</summary>
internal sealed class GrainClass
{
    private readonly Func<object, IInvokable, bool>? _mayInterleave;

    public GrainClass(Type type, GrainType grainType, AttributeGrainPropertiesProvider attributes, IServiceProvider services)
    {
        (Type, GrainType) = (type, grainType);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        attributes.Populate(type, grainType, properties);
        IsReentrant = properties.ContainsKey(WellKnownGrainTypeProperties.Reentrant);
        CollectionAge = AgeOf(properties.GetValueOrDefault(WellKnownGrainTypeProperties.IdleDeactivationPeriod));
        if (type.GetCustomAttribute<StatelessWorkerAttribute>() is not null)
            WorkersMax = int.TryParse(properties.GetValueOrDefault("max-local-instances"), CultureInfo.InvariantCulture, out var most) ? most : 0;
        if (properties.TryGetValue(WellKnownGrainTypeProperties.MayInterleavePredicate, out _))
            _mayInterleave = PredicateOf(type);
        Activator = new DefaultGrainActivator(services, type);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>How long an activation may be idle; null for the cluster's own period.</summary>
    public TimeSpan? CollectionAge { get; }

    /// <summary>Workers of a silo; 0 for the cluster's own number; null where the class is no stateless worker.</summary>
    public int? WorkersMax { get; }

    /// <summary>Makes instances. It keeps nothing of a silo, so all of them share it.</summary>
    public DefaultGrainActivator Activator { get; }

    /// <summary>Whether a call may run between the turns of another, or another between its turns.</summary>
    public bool MayInterleave(object instance, IInvokable call) => IsReentrant || (_mayInterleave?.Invoke(instance, call) ?? false);

    private static TimeSpan? AgeOf(string? period) => period switch
    {
        null => null,
        WellKnownGrainTypeProperties.IndefiniteIdleDeactivationPeriodValue => Timeout.InfiniteTimeSpan,
        _ => TimeSpan.Parse(period, CultureInfo.InvariantCulture),
    };

    private static Func<object, IInvokable, bool> PredicateOf(Type type)
    {
        var name = type.GetCustomAttributesData().First(a => a.AttributeType == typeof(MayInterleaveAttribute)).ConstructorArguments[0].Value as string;
        var method = type.GetMethod(name!, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy)
            ?? throw new InvalidOperationException($"Class {type} says [MayInterleave(\"{name}\")] and has no method of that name.");
        return (instance, call) => (bool)method.Invoke(method.IsStatic ? null : instance, [call])!;
    }
}
