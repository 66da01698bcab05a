using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Grain state by Orleans' AdoNet provider, on the statements of Sql/orleans.sql.</summary>
internal static class PostgresState
{
    private const string AdoNetInvariant = "Npgsql";

    public static void Add(IServiceCollection services, string name, StorageOptions storage, string serviceId)
    {
        string inner = name + "-adonet";
        services.AddAdoNetGrainStorage(inner, o =>
        {
            o.Invariant = AdoNetInvariant;
            o.ConnectionString = storage.ConnectionString!;
            o.GrainStorageSerializer = new JsonState();
        });
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => new NamedFaults(provider.GetRequiredKeyedService<IGrainStorage>(inner)));
    }

    /// <summary>The same bytes as in a data folder.</summary>
    private sealed class JsonState : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(GrainStateJson.Encode(input));

        public T Deserialize<T>(BinaryData input) => GrainStateJson.Decode<T>(input.ToMemory().Span, $"A state of type {typeof(T).Name}")!;
    }

    /// <summary>Says what the database reports in the store's terms, which every silo and the gateway know.</summary>
    private sealed class NamedFaults(IGrainStorage storage) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            Named(storage.ReadStateAsync(stateName, grainId, grainState));

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            Named(storage.WriteStateAsync(stateName, grainId, grainState));

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            Named(storage.ClearStateAsync(stateName, grainId, grainState));

        private static async Task Named(Task work)
        {
            try
            {
                await work.ConfigureAwait(false);
            }
            catch (Exception e) when (PostgresFaults.IsFault(e))
            {
                throw PostgresFaults.Translate(e);
            }
        }
    }
}
