namespace OrleansRec.Silo.Storage;

/// <summary>A store cannot be used as it is configured: not initialised, of a newer format, or made for other shards. The message says what to do.</summary>
public sealed class StoreRefusedException(string message) : Exception(message);
