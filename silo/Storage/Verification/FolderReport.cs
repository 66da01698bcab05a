namespace OrleansRec.Silo.Storage.Verification;

/// <summary>How bad a finding is.</summary>
public enum FindingKind
{
    /// <summary>Worth knowing; nothing is lost and nothing has to be done.</summary>
    Note,

    /// <summary>Not as it was written, but every byte of it is known: it is read as it was written, and --repair puts it back.</summary>
    Mendable,

    /// <summary>Not as it was written.</summary>
    Damage,
}

/// <summary>One thing that is not as it was written.</summary>
/// <param name="Kind">How bad.</param>
/// <param name="Place">The file and where in it.</param>
/// <param name="Record">What the place holds, in the store's words; null where it is known only by its place.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record Finding(FindingKind Kind, string Place, string? Record, string Message);

/// <summary>What was read of a data folder, and what is wrong with it.</summary>
public sealed class FolderReport
{
    /// <summary>Findings that are kept; a folder with more of them is lost anyway.</summary>
    public const int FindingsMax = 10_000;

    private readonly List<Finding> findings = [];

    /// <summary>Format of the folder; 0 where it cannot be read.</summary>
    public long Format { get; internal set; }

    /// <summary>Whether a server has the folder open; then the log is read through SQLite only.</summary>
    public bool IsInUse { get; internal set; }

    /// <summary>Pages of the store's file.</summary>
    public long Pages { get; internal set; }

    /// <summary>Pages that hold nothing, and of which nothing is said.</summary>
    public long FreePages { get; internal set; }

    /// <summary>Frames of the log up to its last commit.</summary>
    public long LogFrames { get; internal set; }

    /// <summary>Rows of all tables.</summary>
    public long Rows { get; internal set; }

    /// <summary>Records of the logs that were decoded.</summary>
    public long Records { get; internal set; }

    /// <summary>Snapshots that were decoded.</summary>
    public long Snapshots { get; internal set; }

    /// <summary>What was found, in the order of reading.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Nothing is wrong.</summary>
    public bool IsClean => findings.All(finding => finding.Kind == FindingKind.Note);

    internal void Add(FindingKind kind, string place, string? record, string message)
    {
        if (findings.Count < FindingsMax)
            findings.Add(new(kind, place, record, message));
    }
}
