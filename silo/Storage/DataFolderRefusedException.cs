namespace OrleansRec.Silo.Storage;

/// <summary>A data folder cannot be used as asked: in use, of a newer format, made for other shards, or not empty. The message says what to do.</summary>
public sealed class DataFolderRefusedException(string message) : Exception(message);
