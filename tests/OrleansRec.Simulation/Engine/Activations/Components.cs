using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>What an activation has besides its instance: extensions, and services that were asked for by type.</summary>
internal sealed class Components
{
    private readonly Dictionary<Type, object> _all = [];

    public object? Get(Type type, IServiceProvider? services)
    {
        if (_all.TryGetValue(type, out var known))
            return known;
        var made = typeof(IGrainExtension).IsAssignableFrom(type)
            ? (services as IKeyedServiceProvider)?.GetKeyedService(typeof(IGrainExtension), type)
            : services?.GetService(type);
        if (made is not null)
            _all[type] = made;
        return made;
    }

    public void Set(Type type, object? value)
    {
        if (value is null)
            _all.Remove(type);
        else
            _all[type] = value;
    }

    public TExtension GetOrAdd<TExtension, TExtensionInterface>(Func<TExtension> make)
        where TExtension : class, TExtensionInterface
    {
        if (!_all.TryGetValue(typeof(TExtensionInterface), out var known))
            _all[typeof(TExtensionInterface)] = known = make();
        return known as TExtension ?? throw new InvalidCastException($"Cannot cast existing extension of type {known.GetType()} to target type {typeof(TExtension)}.");
    }
}
