using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>Gives grains the states that their constructors ask for by [PersistentState]; each is read before the grain begins.</summary>
internal sealed class PersistentStates : IPersistentStateFactory
{
    public IPersistentState<TState> Create<TState>(IGrainContext context, IPersistentStateConfiguration config)
    {
        var activation = (Activation)context;
        var storage = (string.IsNullOrWhiteSpace(config.StorageName)
                ? context.ActivationServices.GetService<IGrainStorage>()
                : context.ActivationServices.GetKeyedService<IGrainStorage>(config.StorageName))
            ?? throw new BadProviderConfigException($"No storage provider named \"{config.StorageName}\" found loading grain type {context.GrainId.Type}.");
        var state = new StoredState<TState>(config.StateName, activation, storage);
        context.ObservableLifecycle.Subscribe(config.StateName, GrainLifecycleStage.SetupState, state.ReadUnlessBrought);
        context.ObservableLifecycle.AddMigrationParticipant(state);
        return state;
    }
}

/// <summary>One state of a grain and the storage that it is kept in.</summary>
internal sealed class StoredState<TState>(string name, Activation activation, IGrainStorage storage) : IPersistentState<TState>, IGrainMigrationParticipant
{
    private GrainState<TState>? _record;

    public TState State
    {
        get => _record is null ? default! : _record.State!;
        set => Record.State = value;
    }

    public string? Etag => _record?.ETag;

    public bool RecordExists => _record?.RecordExists ?? throw new InvalidOperationException("State has not yet been loaded.");

    private GrainState<TState> Record => _record ??= new(New());

    public Task ReadUnlessBrought(CancellationToken cancellationToken) => _record is null ? ReadStateAsync() : Task.CompletedTask;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) =>
        Try("ReadStateAsync", () => storage.ReadStateAsync(name, activation.GrainId, Record, cancellationToken), cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        Try("WriteStateAsync", () => storage.WriteStateAsync(name, activation.GrainId, Record, cancellationToken), cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        Try("ClearStateAsync", () => storage.ClearStateAsync(name, activation.GrainId, Record, cancellationToken), cancellationToken);

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue($"state.{name}", _record);

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue<GrainState<TState>>($"state.{name}", out var record))
            _record = record;
    }

    // What a storage throws that Orleans does not know reaches the grain as an OrleansException, as Orleans does it.
    private async Task Try(string operation, Func<Task> access, CancellationToken cancellationToken)
    {
        try
        {
            await access();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is not OrleansException)
        {
            throw new OrleansException($"Error from storage provider {storage.GetType().Name}.{name} during {operation} for grain {activation.GrainId}: {failure.Message}", failure);
        }
    }

    private TState New() => activation.Silo.Cluster.Types.Services.GetRequiredService<IActivatorProvider>().GetActivator<TState>().Create();
}
