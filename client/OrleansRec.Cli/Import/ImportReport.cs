namespace OrleansRec.Cli.Import;

/// <summary>How often a reason left a line out, and where first.</summary>
public readonly record struct RejectionCount(long Count, long FirstLine);

/// <summary>One line that was left out.</summary>
public sealed record RejectedLine(long Line, string Reason, string Field, string Value);

/// <summary>What became of a file's lines. Used by one thread at a time.</summary>
public sealed class ImportReport(int listedMax)
{
    private readonly Dictionary<string, int> _users = [];
    private readonly Dictionary<string, int> _items = [];
    private readonly HashSet64 _pairs = new();
    private readonly SortedDictionary<string, RejectionCount> _rejected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _firstValues = [];
    private readonly List<RejectedLine> _listed = [];

    /// <summary>Lines read, without a header and without empty ones.</summary>
    public long Lines { get; set; }

    /// <summary>Events that were new.</summary>
    public long Accepted { get; private set; }

    /// <summary>Events that were known already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Lines left out, by reason.</summary>
    public IReadOnlyDictionary<string, RejectionCount> Rejected => _rejected;

    /// <summary>The first lines left out, as many as were asked for.</summary>
    public IReadOnlyList<RejectedLine> Listed => _listed;

    /// <summary>Distinct users among accepted and duplicate lines.</summary>
    public int Users => _users.Count;

    /// <summary>Distinct items among them.</summary>
    public int Items => _items.Count;

    /// <summary>Distinct (user, item) pairs among them.</summary>
    public long Pairs => _pairs.Count;

    /// <summary>Lines left out.</summary>
    public long RejectedLines { get; private set; }

    /// <summary>Items whose title and price went to the catalogue.</summary>
    public int CatalogueItems { get; set; }

    /// <summary>What the first line that was left out for each reason held.</summary>
    public IReadOnlyDictionary<string, string> FirstValues => _firstValues;

    /// <summary>What was accepted although it looks odd, by kind.</summary>
    public IReadOnlyDictionary<string, RejectionCount> Warnings { get; set; } = new Dictionary<string, RejectionCount>();

    /// <summary>What was found about the file; null for events that come from no file.</summary>
    public FileFindings? Found { get; set; }

    /// <summary>Columns that nobody read.</summary>
    public IReadOnlyList<string> Unread { get; set; } = [];

    /// <summary>What makes a line the same event as another.</summary>
    public string? Identity { get; set; }

    /// <summary>Takes what is known about a file once it has been read.</summary>
    public void Tell(OpenedFile file, LineRules rules, ImportPlan plan)
    {
        file.Warnings.Count("quotes inside fields kept as text", 0, file.StrayQuotes);
        (Warnings, Unread) = (file.Warnings.Counts, file.Unread);
        if (rules.HasBareLines)
            Identity = plan.Read.KeyByFile ? "lines have neither event id nor time: each is its content and the name of its file"
                : "lines have neither event id nor time: each is its content, so the same line in another file is the same event (--key-by file tells files apart)";
    }

    /// <summary>Counts a line that was left out.</summary>
    public void Reject(long line, Rejection why)
    {
        RejectedLines++;
        var known = _rejected.GetValueOrDefault(why.Reason, new(0, line));
        // Lanes answer in any order, so the first is not always the first to come here.
        _rejected[why.Reason] = new(known.Count + 1, Math.Min(known.FirstLine, line));
        if (line <= known.FirstLine)
            _firstValues[why.Reason] = why.Value;
        if (_listed.Count < listedMax)
            _listed.Add(new(line, why.Reason, why.Field, why.Value));
    }

    /// <summary>Counts what became of events.</summary>
    public void Count(long accepted, long duplicates) => (Accepted, Duplicates) = (Accepted + accepted, Duplicates + duplicates);

    /// <summary>Remembers whom and what an event is about.</summary>
    public void See(string userId, string itemId)
    {
        if (!_users.TryGetValue(userId, out int user))
            _users.Add(userId, user = _users.Count);
        if (!_items.TryGetValue(itemId, out int item))
            _items.Add(itemId, item = _items.Count);
        _pairs.Add((ulong)(uint)user << 32 | (uint)item);
    }
}
