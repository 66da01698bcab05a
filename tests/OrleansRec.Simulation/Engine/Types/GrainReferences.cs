using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace OrleansRec.Simulation.Engine.Types;

/// <summary>Makes the references of one cluster; as <see cref="IGrainFactory"/> it is what grains and clients see.</summary>
/// <param name="types">What is compiled.</param>
/// <param name="of">The cluster's own references: these, or those of the cluster that the serialiser works for.</param>
internal sealed class GrainReferences(GrainTypes types, Func<GrainReferences>? of = null) : IClusterClient
{
    [ThreadStatic]
    private static GrainReferences? s_bound;

    private readonly Dictionary<(GrainType Type, GrainInterfaceType Interface), GrainReferenceShared> _shared = [];

    /// <summary>The references of the cluster whose bytes the running thread reads.</summary>
    public static GrainReferences Bound => s_bound ?? throw new InvalidOperationException("A grain reference was read outside of a simulated cluster.");

    /// <summary>What the proxies of these references call.</summary>
    public IGrainReferenceRuntime Calls { get; set; } = null!;

    public IServiceProvider ServiceProvider => types.Services;

    /// <summary>Runs code that may read references of this cluster.</summary>
    public T Bind<T, TArgument>(Func<TArgument, T> read, TArgument argument)
    {
        var before = s_bound;
        s_bound = this;
        try
        {
            return read(argument);
        }
        finally
        {
            s_bound = before;
        }
    }

    public GrainReference Create(GrainId grain, GrainInterfaceType interfaceType)
    {
        if (of is not null)
            return of().Create(grain, interfaceType);
        if (!_shared.TryGetValue((grain.Type, interfaceType), out var shared))
            _shared.Add((grain.Type, interfaceType), shared = new(
                grain.Type, interfaceType, 0, Calls, InvokeMethodOptions.None, types.Services.GetRequiredService<CodecProvider>(),
                types.Services.GetRequiredService<CopyContextPool>(), types.Services));
        return types.MakerOf(interfaceType)(shared, grain.Key);
    }

    public object Cast(IAddressable grain, Type interfaceType) => grain is GrainReference && interfaceType.IsInstanceOfType(grain)
        ? grain
        : Create(grain.GetGrainId(), types.InterfaceTypeOf(interfaceType));

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix!);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix!);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), KeyOf(primaryKey), grainClassNamePrefix!);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension), grainClassNamePrefix!);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension), grainClassNamePrefix!);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)GetGrain(grainInterfaceType, KeyOf(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, keyExtension));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, keyExtension));

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Create(grainId, types.InterfaceTypeOf(typeof(TGrainInterface)));

    public IAddressable GetGrain(GrainId grainId) => Create(grainId, types.AnyInterfaceOf(types.ClassOf(grainId.Type).Type));

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => Create(grainId, interfaceType);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => GetGrain(interfaceType, grainKey, null!);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix)
    {
        var grainInterface = types.InterfaceTypeOf(interfaceType);
        return Create(GrainId.Create(types.GrainTypeOf(grainInterface, grainClassNamePrefix), grainKey), grainInterface);
    }

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver => throw NoObservers();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver => throw NoObservers();

    private static NotSupportedException NoObservers() => new("The simulator has no observers: no grain of the product uses one.");

    private static IdSpan KeyOf(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return IdSpan.Create(key);
    }
}
