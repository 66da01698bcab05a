using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Embedded;

/// <summary>Something that an activation reads before it serves.</summary>
internal interface IPersistentStateReader
{
    Task Read(CancellationToken cancellation);
}

/// <summary>A grain's state and the storage it is kept in.</summary>
internal sealed class PersistentStateFacet<TState> : IPersistentState<TState>, IPersistentStateReader
{
    private readonly string _name;
    private readonly GrainId _grain;
    private readonly IGrainStorage _storage;
    private GrainState<TState> _record = new();

    public PersistentStateFacet(Activation activation, PersistentStateAttribute attribute)
    {
        _name = attribute.StateName;
        _grain = activation.GrainId;
        var services = activation.ActivationServices;
        _storage = (attribute.StorageName is { } name
                ? services.GetKeyedService<IGrainStorage>(name)
                : services.GetService<IGrainStorage>())
            ?? throw new BadProviderConfigException(
                $"State {_name} of {_grain} is kept in storage \"{attribute.StorageName}\"; no IGrainStorage is registered under that key.");
        activation.Read(this);
    }

    public TState State
    {
        get => _record.State ??= New();
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    public Task Read(CancellationToken cancellation) => ReadStateAsync(cancellation);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public async Task ReadStateAsync(CancellationToken cancellationToken)
    {
        var record = new GrainState<TState>();
        await _storage.ReadStateAsync(_name, _grain, record, cancellationToken);
        _record = record;
    }

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        _ = State;
        return _storage.WriteStateAsync(_name, _grain, _record, cancellationToken);
    }

    public async Task ClearStateAsync(CancellationToken cancellationToken)
    {
        await _storage.ClearStateAsync(_name, _grain, _record, cancellationToken);
        _record.State = New();
    }

    private static TState New()
    {
        var type = typeof(TState);
        if (type.IsValueType || type == typeof(string))
            return default!;
        return type.GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance<TState>()
            : (TState)RuntimeHelpers.GetUninitializedObject(type);
    }
}
