namespace OrleansRec.Model;

/// <summary>A blob of the log is not what was written.</summary>
/// <param name="offset">Where, in bytes from the start of the blob.</param>
/// <param name="rule">What should have been there.</param>
public sealed class CorruptLogException(long offset, string rule) : Exception($"The log is corrupt at byte {offset}: {rule}.")
{
    /// <summary>Where, in bytes from the start of the blob.</summary>
    public long Offset { get; } = offset;

    /// <summary>What should have been there.</summary>
    public string Rule { get; } = rule;
}

/// <summary>A blob of the log was written by a newer version of the product, which this one must not read.</summary>
public sealed class NewerLogFormatException(byte found, byte known)
    : Exception($"The log has format {found}; this version reads formats up to {known}. Use the newer version of the product.")
{
    /// <summary>The format of the blob.</summary>
    public byte Found { get; } = found;

    /// <summary>The newest format that this version reads.</summary>
    public byte Known { get; } = known;
}
