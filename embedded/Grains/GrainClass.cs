using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>A grain class, and what its attributes say.</summary>
internal sealed class GrainClass
{
    private const string Suffix = "grain";

    private readonly Func<Activation, object?>[] _facets;
    private readonly ObjectFactory _factory;

    public GrainClass(Type type, EmbeddedOptions options)
    {
        Type = type;
        Name = NameOf(type);
        GrainType = GrainType.Create(Name);
        Interfaces = [.. type.GetInterfaces().Where(GrainCatalog.IsGrainInterface).OrderBy(i => i.FullName, StringComparer.Ordinal)];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        CollectionAge = AgeOf(type, options);
        WorkersMax = type.GetCustomAttribute<StatelessWorkerAttribute>() is { } workers
            ? workers.MaxLocalWorkers ?? options.StatelessWorkersMax
            : null;
        var parameters = Constructor(type).GetParameters();
        var given = parameters.Where(IsGiven).ToArray();
        _facets = [.. given.Select(FacetOf)];
        _factory = ActivatorUtilities.CreateFactory(type, [.. given.Select(p => p.ParameterType)]);
    }

    public Type Type { get; }

    /// <summary>As Orleans names it: lower case, without the ending "grain".</summary>
    public string Name { get; }

    public GrainType GrainType { get; }

    public Type[] Interfaces { get; }

    public bool IsReentrant { get; }

    /// <summary>How long an activation may be idle; null for ever.</summary>
    public TimeSpan? CollectionAge { get; }

    /// <summary>The bound on activations of one key, where the class is a stateless worker; else null.</summary>
    public int? WorkersMax { get; }

    public object Create(Activation activation) =>
        _factory(activation.ActivationServices, Array.ConvertAll(_facets, facet => facet(activation)));

    private static string NameOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } given)
            return given.Name;
        var name = type.Name.ToLowerInvariant();
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    private static TimeSpan? AgeOf(Type type, EmbeddedOptions options)
    {
        if (type.IsDefined(typeof(KeepAliveAttribute)))
            return null;
        var limit = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit ?? options.CollectionAge;
        return limit == TimeSpan.MaxValue ? null : limit;
    }

    private static ConstructorInfo Constructor(Type type)
    {
        var all = type.GetConstructors();
        return Array.Find(all, c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? all.MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"Grain class {type} has no public constructor.");
    }

    private static bool IsGiven(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(IGrainContext) || parameter.IsDefined(typeof(PersistentStateAttribute));

    private static Func<Activation, object?> FacetOf(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(IGrainContext))
            return activation => activation;
        var attribute = parameter.GetCustomAttribute<PersistentStateAttribute>()!;
        if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new InvalidOperationException(
                $"{parameter.Member.DeclaringType}: parameter {parameter.Name} is marked as persistent state; its type must be IPersistentState<T>.");
        var facet = typeof(PersistentStateFacet<>).MakeGenericType(parameter.ParameterType.GetGenericArguments());
        return activation => Activator.CreateInstance(facet, activation, attribute);
    }
}
