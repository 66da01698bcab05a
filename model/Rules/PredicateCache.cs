using OrleansRec.Model.Items;
using OrleansRec.Model.Rules.Plans;

namespace OrleansRec.Model.Rules;

/// <summary>Bitmaps of expressions that depend on items alone, the least recently used going first. Safe for many callers.</summary>
/// <remarks>
/// A bitmap belongs to one version of the items. For another version only the chunks that differ are computed anew: after one changed item, 1,024 rows.
/// Its memory is at most <see cref="BitmapsMax"/> bitmaps of one bit an item.
/// </remarks>
/// <param name="bitmapsMax">Bitmaps that are kept, ≥ 1.</param>
public sealed class PredicateCache(int bitmapsMax = PredicateCache.BitmapsDefault)
{
    /// <summary>Bitmaps that are kept where nothing else is said: 3 MB at 100,000 items.</summary>
    public const int BitmapsDefault = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Bitmap>> _bitmaps = new(StringComparer.Ordinal);
    private readonly LinkedList<Bitmap> _byUse = [];
    private long _computedChunks;

    /// <summary>Bitmaps that are kept, at most.</summary>
    public int BitmapsMax { get; } = bitmapsMax >= 1 ? bitmapsMax : throw new ArgumentOutOfRangeException(nameof(bitmapsMax), bitmapsMax, "A cache keeps at least 1 bitmap.");

    /// <summary>Bitmaps that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _bitmaps.Count;
        }
    }

    /// <summary>Chunks of 1,024 rows that were computed since the cache was made.</summary>
    public long ComputedChunks => Volatile.Read(ref _computedChunks);

    /// <summary>The bits of the items for which a node holds; those beyond the last item are of no meaning.</summary>
    internal ReadOnlySpan<ulong> Get(RuleNode node, ItemColumns items)
    {
        Bitmap bitmap = Find(node);
        lock (bitmap)
        {
            int computed = bitmap.Update(node, items);
            Interlocked.Add(ref _computedChunks, computed);
            return bitmap.Words;
        }
    }

    private Bitmap Find(RuleNode node)
    {
        lock (_gate)
        {
            if (_bitmaps.TryGetValue(node.Key, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value;
            }
            if (_bitmaps.Count == BitmapsMax)
            {
                _bitmaps.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }
            _bitmaps.Add(node.Key, _byUse.AddFirst(new Bitmap(node.Key)));
            return _byUse.First!.Value;
        }
    }

    private sealed class Bitmap(string key)
    {
        private ColumnTable? _table;
        private BitsPlan? _plan;
        private ItemChunk[] _of = [];

        public string Key => key;

        /// <summary>Never written to once it is here, so that a reader may hold it.</summary>
        public ulong[] Words { get; private set; } = [];

        /// <summary>Makes it that of a version; answers how many chunks had to be computed.</summary>
        public int Update(RuleNode node, ItemColumns items)
        {
            if (_table != items.Table)
                (_table, _plan, _of) = (items.Table, RulePlan.Bits(node, items.Table), []);
            if (_of.AsSpan().SequenceEqual(items.Chunks))
                return 0;
            const int ChunkWords = ItemColumns.ChunkRows / 64;
            var words = new ulong[RowWords.CountOf(items.Count)];
            int computed = 0;
            for (int chunk = 0; chunk < items.Chunks.Length; chunk++)
            {
                Span<ulong> into = words.AsSpan(chunk * ChunkWords, Math.Min(ChunkWords, words.Length - chunk * ChunkWords));
                if (chunk < _of.Length && _of[chunk] == items.Chunks[chunk])
                    Words.AsSpan(chunk * ChunkWords, into.Length).CopyTo(into);
                else
                {
                    _plan!.Fill(new(items.Chunks[chunk], 0, into.Length * 64), into);
                    computed++;
                }
            }
            (Words, _of) = (words, items.Chunks.ToArray());
            return computed;
        }
    }
}
