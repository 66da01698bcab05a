using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Grain state as JSON in the data folder's SQLite file, written through the same commits as the logs.</summary>
public sealed class SqliteGrainStorage(DataFolder folder) : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await folder.Readers.Read(connection => Find(connection, stateName, grainId.ToString()), default).ConfigureAwait(false);
        if (stored is not { } record)
        {
            Reset(grainState);
            return;
        }
        grainState.State = GrainStateJson.Decode<T>(record.Content, $"State '{stateName}' of {grainId}");
        grainState.ETag = record.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Encoded before the first await: the grain may change the state while the disk works.
        byte[] content = GrainStateJson.Encode(grainState.State);
        var write = new GrainStateWrite(stateName, grainId.ToString(), VersionOf(grainState.ETag), content);
        await folder.Writer.Write(write).ConfigureAwait(false);
        grainState.ETag = write.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await folder.Writer.Write(new GrainStateClearing(stateName, grainId.ToString(), VersionOf(grainState.ETag))).ConfigureAwait(false);
        Reset(grainState);
    }

    private static (long Version, byte[] Content)? Find(StoreConnection connection, string stateName, string grain)
    {
        using var row = connection.Query("SELECT etag, format, content FROM grain_state WHERE state = $0 AND grain = $1", stateName, grain);
        if (!row.Read())
            return null;
        if (row.GetInt64(1) > GrainStateWrite.Format)
            throw new StoreUnavailableException($"State '{stateName}' of {grain} has format {row.GetInt64(1)}; this product reads up to {GrainStateWrite.Format}.");
        return (row.GetInt64(0), row.GetFieldValue<byte[]>(2));
    }

    private static long? VersionOf(string? etag) => etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture);

    /// <summary>A grain without a record starts from a new state where its type has one, as with Orleans' own providers.</summary>
    private static void Reset<T>(IGrainState<T> grainState)
    {
        bool hasDefault = typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null;
        grainState.State = hasDefault ? Activator.CreateInstance<T>() : default;
        grainState.ETag = null;
        grainState.RecordExists = false;
    }
}
