using System.Collections.Concurrent;
using System.Reflection;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>The grain classes of the given assemblies, and which of them stands behind each grain interface.</summary>
internal sealed class GrainCatalog
{
    private readonly Dictionary<Type, GrainClass> _byInterface = [];
    private readonly Dictionary<Type, string> _ambiguous = [];
    private readonly Dictionary<string, GrainClass> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, (MethodPlan[] Plans, Func<CallRoute, string, CallReference> Create)> _calls = new();
    private readonly Func<MethodInfo, MethodInfo, MethodPlan> _plan;

    public GrainCatalog(EmbeddedOptions options, Func<MethodInfo, MethodInfo, MethodPlan> plan)
    {
        _plan = plan;
        var types = options.GrainAssemblies.Distinct().SelectMany(a => a.GetTypes()).Where(IsGrainClass)
            .Except(options.StandIns.Values).Select(t => options.StandIns.TryGetValue(t, out var standIn) ? standIn : t)
            .OrderBy(t => t.FullName, StringComparer.Ordinal);
        foreach (var type in types)
            Add(new GrainClass(type, options));
    }

    public IEnumerable<GrainClass> Classes => _byName.Values;

    public static bool IsGrainInterface(Type type) =>
        type.IsInterface && typeof(IGrain).IsAssignableFrom(type) && type != typeof(IGrain) && type != typeof(IGrainWithStringKey);

    /// <summary>The class of an interface.</summary>
    /// <exception cref="ArgumentException">No class of the assemblies implements it, or more than one.</exception>
    public GrainClass ClassOf(Type grainInterface)
    {
        if (_ambiguous.TryGetValue(grainInterface, out var names))
            throw new ArgumentException($"{grainInterface} is implemented by more than one grain class: {names}.");
        return _byInterface.TryGetValue(grainInterface, out var found)
            ? found
            : throw new ArgumentException(
                $"No grain class in {nameof(EmbeddedOptions)}.{nameof(EmbeddedOptions.GrainAssemblies)} implements {grainInterface}.");
    }

    /// <summary>The class of a name.</summary>
    public GrainClass ClassOf(string name) =>
        _byName.TryGetValue(name, out var found) ? found : throw new ArgumentException($"There is no grain class named {name}.");

    /// <summary>Makes references through an interface.</summary>
    public (MethodPlan[] Plans, Func<CallRoute, string, CallReference> Create) CallsOf(Type grainInterface) =>
        _calls.GetOrAdd(grainInterface, static (type, catalog) =>
        {
            var methods = MethodShape.MethodsOf(type);
            var (create, invokes) = ProxyEmitter.Emit(type, methods);
            return ([.. methods.Zip(invokes, catalog._plan)], create);
        }, this);

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrainBase).IsAssignableFrom(type) && type.GetInterfaces().Any(IsGrainInterface);

    private void Add(GrainClass grainClass)
    {
        if (!_byName.TryAdd(grainClass.Name, grainClass))
            throw new WireCheckException(
                [$"{grainClass.Type} and {_byName[grainClass.Name].Type} are both named {grainClass.Name}; give one of them a [GrainType]."]);
        foreach (var grainInterface in grainClass.Interfaces)
        {
            if (!_byInterface.TryAdd(grainInterface, grainClass))
                _ambiguous[grainInterface] = $"{_byInterface[grainInterface].Type}, {grainClass.Type}";
        }
    }
}
