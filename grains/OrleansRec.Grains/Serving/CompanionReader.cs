using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Sequence.Serving;
using OrleansRec.Model.Sequence.Training;

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
    public Task<(ModelCompanion? Companion, bool MayComeLater)> Read(ModelInfo info, ReadOnlyMemory<string> ids) =>
        Read(info, LogStreams.Companion(tenant, info.Version), bytes => Decode(bytes, info, ids.Span));

    /// <summary>Reads the sequence model of a version.</summary>
    /// <returns>It as a part of a score, or null where there is none that can be used; and whether asking again may find one, because the store did not answer.</returns>
    public Task<(SequencePart? Sequence, bool MayComeLater)> ReadSequence(ModelInfo info, ReadOnlyMemory<string> ids, Func<string, int> rowOf) => info.Plan.Sequence is null
        ? Task.FromResult<(SequencePart?, bool)>((null, false))
        : Read(info, LogStreams.SequenceModel(tenant, info.Version), bytes => DecodeSequence(bytes, info, ids, rowOf));

    private async Task<(T? Read, bool MayComeLater)> Read<T>(ModelInfo info, string stream, Func<ReadOnlyMemory<byte>, (T?, string?)> decode) where T : class
    {
        LogSnapshot? kept;
        try
        {
            kept = await store.ReadSnapshot(stream);
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
        T? read = null;
        string? fault = null;
        await pool.Run(1, (_, _) => (read, fault) = Checked(() => decode(kept.Content)));
        if (fault is not null)
            LogDamaged(info.Version, fault);
        return (read, false);
    }

    private static (T? Read, string? Fault) Checked<T>(Func<(T?, string?)> decode) where T : class
    {
        try
        {
            return decode();
        }
        catch (Exception reason) when (reason is CorruptLogException or NewerLogFormatException)
        {
            return (null, reason.Message);
        }
    }

    private static (ModelCompanion? Companion, string? Fault) Decode(ReadOnlyMemory<byte> content, ModelInfo info, ReadOnlySpan<string> ids)
    {
        ModelCompanion companion = CompanionCoding.Read(content.Span);
        if (companion.Version != info.Version || companion.Attempt != info.Attempt)
            return (null, $"it belongs to attempt {companion.Attempt} of version {companion.Version}; the version was published by attempt {info.Attempt}");
        if (companion.ItemCount != ids.Length || companion.ItemsHash != ModelCompanion.HashOf(ids))
            return (null, $"its {companion.ItemCount} items are not the {ids.Length} of the version");
        return (companion, null);
    }

    private static (SequencePart? Sequence, string? Fault) DecodeSequence(ReadOnlyMemory<byte> content, ModelInfo info, ReadOnlyMemory<string> ids, Func<string, int> rowOf)
    {
        SequenceBlob model = SequenceCoding.Read(content.Span);
        return model.FaultUnder(info.Version, info.Attempt, ids.Span) is { } fault ? (null, fault) : (new(model.Parameters, ids.ToArray(), rowOf), null);
    }

    [LoggerMessage(LogLevel.Information, "Version {Version} has no models beside its factors; lists are made without them.")]
    private partial void LogMissing(long version);

    [LoggerMessage(LogLevel.Error, "A model beside the factors of version {Version} is damaged, and lists are made without it: {Fault}")]
    private partial void LogDamaged(long version, string fault);

    [LoggerMessage(LogLevel.Warning, "A model beside the factors of version {Version} could not be read; lists are made without it until it is.")]
    private partial void LogComesLater(long version, Exception reason);
}
