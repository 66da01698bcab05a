using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.TypeSystem;

namespace OrleansRec.Simulation.Engine.Types;

/// <summary>
/// Everything that depends on the compiled assemblies alone: serialisers, generated proxies, grain classes. One for each set of assemblies in a process, shared by all
/// clusters and all threads, because making serialisers takes longer than making a cluster.
/// </summary>
internal sealed class GrainTypes
{
    private static readonly ConcurrentDictionary<string, Lazy<GrainTypes>> s_known = new(StringComparer.Ordinal);
    private static readonly HashSet<Type> s_markers =
    [
        typeof(IGrain), typeof(IAddressable), typeof(IGrainWithStringKey), typeof(IGrainWithIntegerKey), typeof(IGrainWithGuidKey), typeof(IGrainWithIntegerCompoundKey),
        typeof(IGrainWithGuidCompoundKey),
    ];

    private readonly Dictionary<GrainInterfaceType, List<Type>> _implementations = [];
    private readonly Dictionary<GrainInterfaceType, Type> _proxies = [];
    private readonly Dictionary<GrainType, Type> _classes = [];
    private readonly ConcurrentDictionary<GrainType, GrainClass> _grainClasses = [];
    private readonly ConcurrentDictionary<GrainInterfaceType, Func<GrainReferenceShared, IdSpan, GrainReference>> _makers = [];
    private readonly GrainTypeResolver _grainTypes;
    private readonly GrainInterfaceTypeResolver _interfaceTypes;
    private readonly TypeConverter _converter;

    private GrainTypes(IReadOnlyCollection<Assembly> assemblies)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer(builder =>
        {
            foreach (var assembly in assemblies)
                builder.AddAssembly(assembly);
        });
        services.AddSingleton<ISpecializableCodec, ReferenceCodecs>().AddSingleton<ISpecializableCopier, ReferenceCodecs>();
        services.AddSingleton<IGrainFactory>(new GrainReferences(this, static () => GrainReferences.Bound));
        services.AddSingleton<IAttributeToFactoryMapper<PersistentStateAttribute>, PersistentStateAttributeMapper>();
        Services = services.BuildServiceProvider();
        _converter = Services.GetRequiredService<TypeConverter>();
        _grainTypes = new([new AttributeGrainTypeProvider(Services)], _converter);
        _interfaceTypes = new([new AttributeGrainInterfaceTypeProvider(Services)], _converter);
        var manifest = Services.GetRequiredService<IOptions<TypeManifestOptions>>().Value;
        foreach (var proxy in manifest.InterfaceProxies.Where(p => typeof(IAddressable).IsAssignableFrom(p)))
            _proxies[InterfaceTypeOf(MainInterface(proxy))] = Definition(proxy);
        foreach (var type in manifest.InterfaceImplementations.Where(t => IsGrainClass(t) && assemblies.Contains(t.Assembly)).OrderBy(t => t.FullName, StringComparer.Ordinal))
            AddClass(type);
    }

    /// <summary>The container of serialisers.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The types of these assemblies and of everything that they refer to; grain classes of these only.</summary>
    public static GrainTypes Of(IReadOnlyCollection<Assembly> assemblies) => s_known.GetOrAdd(
        string.Join('|', assemblies.Select(a => a.FullName).Order(StringComparer.Ordinal)), _ => new(() => new(assemblies))).Value;

    public GrainInterfaceType InterfaceTypeOf(Type type) => _interfaceTypes.GetGrainInterfaceType(type);

    /// <summary>The grain type that implements an interface.</summary>
    /// <param name="interfaceType">The interface.</param>
    /// <param name="classPrefix">With what the full name of the class begins, where several implement it; or null.</param>
    public GrainType GrainTypeOf(GrainInterfaceType interfaceType, string? classPrefix)
    {
        var isGeneric = GenericGrainInterfaceType.TryParse(interfaceType, out var generic) && generic.IsConstructed;
        var candidates = _implementations.GetValueOrDefault(isGeneric ? generic.GetGenericGrainType().Value : interfaceType, [])
            .Where(c => string.IsNullOrWhiteSpace(classPrefix) || c.FullName!.StartsWith(classPrefix, StringComparison.Ordinal)).ToArray();
        // A class with exactly that name wins over those that only begin with it.
        var type = candidates.Length > 1 ? Array.Find(candidates, c => c.FullName == classPrefix) : candidates.FirstOrDefault();
        if (type is null)
            throw new ArgumentException(candidates.Length == 0
                ? $"Could not find an implementation for interface {interfaceType}."
                : $"Unable to identify a single appropriate grain type for interface {interfaceType}: {string.Join(", ", candidates.Select(c => c.FullName))}.");
        return _grainTypes.GetGrainType(isGeneric && type.IsGenericTypeDefinition ? type.MakeGenericType(generic.GetArguments(_converter)) : type);
    }

    public GrainClass ClassOf(GrainType grainType) => _grainClasses.GetOrAdd(grainType, static (grainType, self) => self.MakeClass(self.TypeOf(grainType), grainType), this);

    /// <summary>A class that runs in place of another, under the other's name.</summary>
    public GrainClass StandIn(Type type, GrainType grainType) =>
        _grainClasses.GetOrAdd(GrainType.Create($"{grainType}<-{type.FullName}"), static (_, a) => a.Self.MakeClass(a.Type, a.GrainType), (Self: this, Type: type, GrainType: grainType));

    /// <summary>What makes references of an interface.</summary>
    public Func<GrainReferenceShared, IdSpan, GrainReference> MakerOf(GrainInterfaceType interfaceType) => _makers.GetOrAdd(interfaceType, static (type, self) =>
    {
        if (!self.TryGetProxy(type, out var proxy))
            throw new InvalidOperationException($"No proxy is generated for grain interface {type}.");
        ParameterExpression shared = Expression.Parameter(typeof(GrainReferenceShared)), key = Expression.Parameter(typeof(IdSpan));
        var constructor = proxy.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(GrainReferenceShared), typeof(IdSpan)])!;
        return Expression.Lambda<Func<GrainReferenceShared, IdSpan, GrainReference>>(Expression.New(constructor, shared, key), shared, key).Compile();
    }, this);

    /// <summary>An interface of a class, for the reference that an activation has of itself.</summary>
    public GrainInterfaceType AnyInterfaceOf(Type type) => InterfaceTypeOf(InterfacesOf(type).First());

    private bool TryGetProxy(GrainInterfaceType interfaceType, [NotNullWhen(true)] out Type? proxy)
    {
        if (!GenericGrainInterfaceType.TryParse(interfaceType, out var generic) || !generic.IsConstructed)
            return _proxies.TryGetValue(interfaceType, out proxy);
        if (_proxies.TryGetValue(generic.GetGenericGrainType().Value, out proxy))
            proxy = proxy.MakeGenericType(generic.GetArguments(_converter));
        return proxy is not null;
    }

    private void AddClass(Type type)
    {
        _classes[_grainTypes.GetGrainType(type)] = type;
        foreach (var grainInterface in InterfacesOf(type))
        {
            var key = InterfaceTypeOf(Definition(grainInterface));
            if (!_implementations.TryGetValue(key, out var all))
                _implementations.Add(key, all = []);
            all.Add(type);
        }
    }

    private Type TypeOf(GrainType grainType)
    {
        if (_classes.TryGetValue(grainType, out var type))
            return type;
        if (GenericGrainType.TryParse(grainType, out var generic) && generic.IsConstructed && _classes.TryGetValue(generic.GetUnconstructedGrainType().GrainType, out type))
            return type.MakeGenericType(generic.GetArguments(_converter));
        throw new ArgumentException($"Could not find an implementation for grain type {grainType}.");
    }

    private GrainClass MakeClass(Type type, GrainType grainType) => new(type, grainType, new(Services), Services);

    private static bool IsGrainClass(Type type) => type is { IsClass: true, IsAbstract: false } && typeof(IGrain).IsAssignableFrom(type);

    private static IEnumerable<Type> InterfacesOf(Type type) =>
        type.GetInterfaces().Where(i => typeof(IGrain).IsAssignableFrom(i) && !s_markers.Contains(i)).OrderBy(i => i.FullName, StringComparer.Ordinal);

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>The interface that extends all others of a proxy.</summary>
    private static Type MainInterface(Type proxy)
    {
        Type? main = null;
        foreach (var candidate in Definition(proxy).GetInterfaces())
            main = main is null || main.IsAssignableFrom(candidate) ? candidate : main;
        return Definition(main!);
    }
}
