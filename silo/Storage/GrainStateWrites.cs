using Orleans.Storage;

namespace OrleansRec.Silo.Storage;

/// <summary>Replaces a grain's state if its version is still the one that the grain read.</summary>
internal sealed class GrainStateWrite(string state, string grain, long? readVersion, byte[] content) : StoreWrite(content.Length)
{
    /// <summary>Of the JSON; a later format says how to read the ones before.</summary>
    public const long Format = 1;

    public long Version { get; private set; }

    protected override Exception? TryApply(WriteSession session)
    {
        if (GrainStateVersion.Refusal(session, state, grain, readVersion) is { } stale)
            return stale;
        Version = session.NextNumber("etag");
        session.Connection.Run(
            "INSERT OR REPLACE INTO grain_state(state, grain, etag, format, content) VALUES($0, $1, $2, $3, $4)",
            state, grain, Version, Format, content);
        return null;
    }
}

/// <summary>Deletes a grain's state if its version is still the one that the grain read.</summary>
internal sealed class GrainStateClearing(string state, string grain, long? readVersion) : StoreWrite(0)
{
    protected override Exception? TryApply(WriteSession session)
    {
        if (GrainStateVersion.Refusal(session, state, grain, readVersion) is { } stale)
            return stale;
        session.Connection.Run("DELETE FROM grain_state WHERE state = $0 AND grain = $1", state, grain);
        return null;
    }
}

/// <summary>Versions of grain state. One counter serves all, so that a state deleted and made again never repeats a version.</summary>
internal static class GrainStateVersion
{
    public static InconsistentStateException? Refusal(WriteSession session, string state, string grain, long? readVersion)
    {
        long? stored = session.Connection.Number("SELECT etag FROM grain_state WHERE state = $0 AND grain = $1", state, grain);
        return stored == readVersion ? null : new(
            $"State '{state}' of {grain} has version {stored?.ToString() ?? "none"}; the writer had read {readVersion?.ToString() ?? "none"}.",
            stored?.ToString(), readVersion?.ToString());
    }
}
