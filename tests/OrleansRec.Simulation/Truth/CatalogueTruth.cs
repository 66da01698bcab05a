using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>Which items are hidden at every version of every item shard's catalogue, from the durable log alone.</summary>
internal sealed class CatalogueTruth(int itemShards)
{
    private readonly List<HashSet<string>>[] _hidden = Array.ConvertAll(new object[itemShards], _ => new List<HashSet<string>> { new(StringComparer.Ordinal) });

    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

    public void Take(int shard, LogBatch batch)
    {
        var versions = _hidden[shard];
        var reader = new ItemLogReader(batch.Content.Span);
        while (reader.TryRead(out var record))
        {
            var next = new HashSet<string>(versions[^1], StringComparer.Ordinal);
            if (record.Deleted || !record.Item.Visible || record.Item.Stock == 0)
                next.Add(record.Item.ItemId);
            else
                next.Remove(record.Item.ItemId);
            versions.Add(next);
            if (record.Deleted)
                _deleted.Add(record.Item.ItemId);
            else
                _deleted.Remove(record.Item.ItemId);
        }
    }

    public bool IsDeleted(string itemId) => _deleted.Contains(itemId);

    /// <summary>Every set of hidden items that a version can stand for: a catalogue's version is the sum of its shards' versions.</summary>
    public IEnumerable<IReadOnlyList<IReadOnlySet<string>>> At(long version) => Combine(0, version).Select(sets => sets.Reverse().ToArray());

    private IEnumerable<IEnumerable<IReadOnlySet<string>>> Combine(int shard, long left)
    {
        if (shard == _hidden.Length)
            return left == 0 ? [[]] : [];
        return Enumerable.Range(0, (int)Math.Min(left + 1, _hidden[shard].Count))
            .SelectMany(v => Combine(shard + 1, left - v).Select(rest => rest.Append(_hidden[shard][v])));
    }
}
