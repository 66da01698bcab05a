using System.ComponentModel.DataAnnotations;

namespace OrleansRec.Silo.Storage;

/// <summary>Where everything durable is kept.</summary>
public enum StorageKind
{
    /// <summary>One data folder of SQLite, held by one process.</summary>
    Folder,

    /// <summary>A PostgreSQL database that all silos share.</summary>
    PostgreSql,
}

/// <summary>Settings of the store; configuration section <see cref="Section"/>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>Where everything durable is kept.</summary>
    /// <value>Default Folder. PostgreSql needs the Orleans engine.</value>
    [EnumDataType(typeof(StorageKind))]
    public StorageKind Kind { get; set; } = StorageKind.Folder;

    /// <summary>How to reach the database of kind PostgreSql, in the words of Npgsql: Host=...;Username=...;Password=...;Database=...</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The data folder of kind Folder. Made where it is missing.</summary>
    public string Folder { get; set; } = "";

    /// <summary>P for a new folder; for an existing one it must be what the folder was made with, or null.</summary>
    [Range(1, 1024)]
    public int? UserShards { get; set; }

    /// <summary>Q for a new folder; for an existing one it must be what the folder was made with, or null.</summary>
    [Range(1, 1024)]
    public int? ItemShards { get; set; }

    /// <summary>Writes that may wait for the writer thread; one more is refused with <c>OverloadedException</c>.</summary>
    /// <value>Default 8,192. More rides out longer stalls of the disk and costs memory.</value>
    [Range(1, 1_000_000)]
    public int QueuedWritesMax { get; set; } = 8192;

    /// <summary>Bytes that may wait for the writer thread; a write beyond them is refused with <c>OverloadedException</c>.</summary>
    /// <value>Default 128 MB. A single write is always let in when nothing waits.</value>
    [Range(1, int.MaxValue)]
    public int QueuedBytesMax { get; set; } = 128 << 20;

    /// <summary>Bytes of batches that share one commit; what is over waits for the next.</summary>
    /// <value>Default 8 MB. More costs latency of the writes that come in meanwhile.</value>
    [Range(1, int.MaxValue)]
    public int CommitBytesMax { get; set; } = 8 << 20;

    /// <summary>Connections for reading, which is how many reads run at once.</summary>
    /// <value>Default 4.</value>
    [Range(1, 64)]
    public int ReadConnectionsMax { get; set; } = 4;

    /// <summary>Reads that may wait for a connection; one more is refused with <c>OverloadedException</c>.</summary>
    /// <value>Default 4,096.</value>
    [Range(1, 1_000_000)]
    public int ReadsWaitingMax { get; set; } = 4096;

    /// <summary>Bounds and times of kind PostgreSql.</summary>
    public PostgreSql.PostgresOptions PostgreSql { get; set; } = new();

    /// <summary>Only for the test that proves that the power-cut harness sees a loss; anything but FULL gives up durability.</summary>
    [RegularExpression("FULL|NORMAL|OFF")]
    public string TestSynchronous { get; set; } = "FULL";

    /// <summary>What the kind needs, and the bounds of the section within.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == StorageKind.Folder && string.IsNullOrWhiteSpace(Folder))
            yield return new($"{nameof(Folder)} is '{Folder}'; Kind {Kind} needs a data folder.", [nameof(Folder)]);
        if (Kind == StorageKind.PostgreSql && string.IsNullOrWhiteSpace(ConnectionString))
            yield return new($"{nameof(ConnectionString)} is '{ConnectionString}'; Kind {Kind} needs one, such as Host=db;Username=orleansrec;Database=orleansrec.", [nameof(ConnectionString)]);
        var inner = new List<ValidationResult>();
        if (!Validator.TryValidateObject(PostgreSql, new(PostgreSql), inner, validateAllProperties: true))
        {
            foreach (var failure in inner)
                yield return new($"{nameof(PostgreSql)}:{failure.ErrorMessage}", failure.MemberNames);
        }
    }
}
