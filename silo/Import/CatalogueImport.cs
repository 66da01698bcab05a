using OrleansRec.Api;

namespace OrleansRec.Silo.Import;

/// <summary>What became of the lines of a catalogue file.</summary>
internal sealed class CatalogueReport(string found)
{
    private readonly SortedDictionary<string, RejectionCount> _rejected = new(StringComparer.Ordinal);

    /// <summary>What was found about the file.</summary>
    public string Found { get; } = found;

    /// <summary>Lines read.</summary>
    public long Lines { get; set; }

    /// <summary>Items put; in a dry run those that could be.</summary>
    public long Accepted { get; set; }

    /// <summary>Lines left out, by reason.</summary>
    public IReadOnlyDictionary<string, RejectionCount> Rejected => _rejected;

    /// <summary>The first lines left out, as many as were asked for.</summary>
    public List<RejectedLine> Listed { get; } = [];

    /// <summary>What was accepted although it looks odd.</summary>
    public IReadOnlyDictionary<string, RejectionCount> Warnings { get; set; } = new Dictionary<string, RejectionCount>();

    /// <summary>Properties that nobody read.</summary>
    public IReadOnlyList<string> Unread { get; set; } = [];

    /// <summary>Counts a line left out.</summary>
    public void Reject(long line, Rejection why, int listedMax)
    {
        var known = _rejected.GetValueOrDefault(why.Reason, new(0, line));
        _rejected[why.Reason] = known with { Count = known.Count + 1 };
        if (Listed.Count < listedMax)
            Listed.Add(new(line, why.Reason, why.Field, why.Value));
    }
}

/// <summary>Puts the items of a file, a page at a time.</summary>
internal static class CatalogueImport
{
    private const string Again = "the item came before in the file; the later line counts";

    /// <summary>Reads the file; without a recommender it is a dry run.</summary>
    public static async Task<CatalogueReport> Run(CataloguePlan plan, IRecommender? recommender, CancellationToken cancellationToken)
    {
        using var file = CatalogueFile.Open(plan);
        var report = new CatalogueReport(file.Found);
        var waiting = new List<CatalogueLine>(Paging.CountMax);
        var seen = new HashSet64();
        while (file.Read(out var line))
        {
            report.Lines++;
            if (line.Rejected is { } why)
                report.Reject(line.Number, why, plan.ListedMax);
            else
            {
                if (!seen.Add(Model.IdHash.Of(line.Row!.ItemId)))
                    file.Warnings.Count(Again, line.Number);
                waiting.Add(line);
            }
            if (waiting.Count == Paging.CountMax)
                await Put(waiting, recommender, report, plan, cancellationToken);
        }
        if (waiting.Count > 0)
            await Put(waiting, recommender, report, plan, cancellationToken);
        (report.Warnings, report.Unread) = (file.Warnings.Counts, file.Unread);
        return report;
    }

    // One call must not name an item twice, or the order in it would decide.
    private static async Task Put(List<CatalogueLine> lines, IRecommender? recommender, CatalogueReport report, CataloguePlan plan, CancellationToken cancellationToken)
    {
        var last = lines.GroupBy(l => l.Row!.ItemId).Select(g => g.Last()).ToList();
        int accepted = last.Count;
        if (recommender is not null)
        {
            var answer = await recommender.PutItemsAsync([.. last.Select(l => CatalogueMapping.ToInput(l.Row!))], cancellationToken);
            accepted = answer.Accepted;
            foreach (var refused in answer.Rejected)
                report.Reject(last[refused.Index].Number, new($"{refused.Field} {refused.Rule}", refused.Field, refused.Value), plan.ListedMax);
        }
        // A line that a later one replaced has been accepted as well.
        report.Accepted += accepted + lines.Count - last.Count;
        lines.Clear();
    }
}
