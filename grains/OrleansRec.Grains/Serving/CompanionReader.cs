using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;

namespace OrleansRec.Grains.Serving;

/// <summary>Reads the models beside the factors of a version for a silo's copy of it. Lists go on without them where they are missing or damaged, which is logged.</summary>
/// <param name="tenant">Whose.</param>
/// <param name="store">Where they are kept.</param>
/// <param name="pool">Takes them apart.</param>
/// <param name="logger">Where trouble is told.</param>
public sealed partial class CompanionReader(TenantId tenant, ILogStore store, IComputePool pool, ILogger logger)
{
    /// <summary>Reads the companion of a version.</summary>
    /// <returns>It, or null where there is none that can be used; and whether asking again may find one, because the store did not answer.</returns>
    public async Task<(ModelCompanion? Companion, bool MayComeLater)> Read(ModelInfo info, ReadOnlyMemory<string> ids)
    {
        LogSnapshot? kept;
        try
        {
            kept = await store.ReadSnapshot(LogStreams.Companion(tenant, info.Version));
        }
        catch (CorruptStoreException damage)
        {
            LogDamaged(info.Version, damage.Message);
            return (null, false);
        }
        catch (Exception reason)
        {
            LogComesLater(info.Version, reason);
            return (null, true);
        }
        if (kept is null)
        {
            LogMissing(info.Version);
            return (null, false);
        }
        ModelCompanion? companion = null;
        string? fault = null;
        await pool.Run(1, (_, _) => (companion, fault) = Decode(kept, info, ids.Span));
        if (fault is not null)
            LogDamaged(info.Version, fault);
        return (companion, false);
    }

    private static (ModelCompanion? Companion, string? Fault) Decode(LogSnapshot kept, ModelInfo info, ReadOnlySpan<string> ids)
    {
        try
        {
            ModelCompanion companion = CompanionCoding.Read(kept.Content.Span);
            if (companion.Version != info.Version || companion.Attempt != info.Attempt)
                return (null, $"it belongs to attempt {companion.Attempt} of version {companion.Version}; the version was published by attempt {info.Attempt}");
            if (companion.ItemCount != ids.Length || companion.ItemsHash != ModelCompanion.HashOf(ids))
                return (null, $"its {companion.ItemCount} items are not the {ids.Length} of the version");
            return (companion, null);
        }
        catch (Exception reason) when (reason is CorruptLogException or NewerLogFormatException)
        {
            return (null, reason.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Version {Version} has no models beside its factors; lists are made of the factors alone.")]
    private partial void LogMissing(long version);

    [LoggerMessage(LogLevel.Error, "The models beside the factors of version {Version} are damaged, and lists are made of the factors alone: {Fault}")]
    private partial void LogDamaged(long version, string fault);

    [LoggerMessage(LogLevel.Warning, "The models beside the factors of version {Version} could not be read; lists are made of the factors alone until they are.")]
    private partial void LogComesLater(long version, Exception reason);
}
