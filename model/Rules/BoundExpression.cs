using System.Buffers;
using OrleansRec.Model.Items;
using OrleansRec.Model.Rules.Plans;

namespace OrleansRec.Model.Rules;

/// <summary>An expression with the values of one request in it, ready for items. Immutable.</summary>
public sealed class BoundExpression
{
    private readonly RuleNode _root;

    internal BoundExpression(RuleNode root) => _root = root;

    /// <summary>The truth value or number that it gives for every item; null where that depends on the item, and where it is missing.</summary>
    public object? Constant => _root.Op == RuleOp.Constant ? _root.Value : null;

    /// <summary>Whether it gives the same for every item.</summary>
    public bool IsConstant => _root.IsConstant;

    /// <summary>Sets the bit of every item for which the expression holds, and clears all others.</summary>
    /// <param name="items">The items.</param>
    /// <param name="into">One bit an item, shape (⌈n / 64⌉).</param>
    /// <param name="cache">Where bitmaps of parts that depend on items alone are kept; null: nowhere.</param>
    /// <remarks>Cost: items × nodes. Nothing is allocated for an item.</remarks>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public void Fill(ItemColumns items, Span<ulong> into, PredicateCache? cache = null)
    {
        if (into.Length != RowWords.CountOf(items.Count))
            throw new ArgumentException($"{items.Count} items need {RowWords.CountOf(items.Count)} words of bits; got {into.Length}.", nameof(into));
        Fill(_root, items, into, cache);
        if ((items.Count & 63) != 0)
            into[^1] &= (1UL << items.Count) - 1;
    }

    /// <summary>Whether the expression holds for one item.</summary>
    /// <param name="items">The items.</param>
    /// <param name="row">The item.</param>
    public bool Holds(ItemColumns items, int row)
    {
        Span<ulong> word = stackalloc ulong[1];
        RulePlan.Bits(_root, items.Table).Fill(new(items.Chunks[row / ItemColumns.ChunkRows], row % ItemColumns.ChunkRows & ~63, 64), word);
        return RowWords.Has(word, row & 63);
    }

    /// <summary>The numbers that the expression gives for some items; NaN where it is missing.</summary>
    /// <param name="items">The items.</param>
    /// <param name="rows">Rows, shape (m).</param>
    /// <param name="into">Receives the numbers, shape (m).</param>
    /// <remarks>Cost: 64 × nodes for each word of 64 rows that the rows before did not lie in.</remarks>
    public void FillNumbers(ItemColumns items, ReadOnlySpan<int> rows, Span<double> into)
    {
        NumbersPlan plan = RulePlan.Numbers(_root, items.Table);
        Span<double> numbers = stackalloc double[64];
        int word = -1;
        for (int n = 0; n < rows.Length; n++)
        {
            if (rows[n] >> 6 != word)
            {
                word = rows[n] >> 6;
                plan.Fill(new(items.Chunks[rows[n] / ItemColumns.ChunkRows], rows[n] % ItemColumns.ChunkRows & ~63, 64), numbers);
            }
            into[n] = numbers[rows[n] & 63];
        }
    }

    private static void Fill(RuleNode node, ItemColumns items, Span<ulong> into, PredicateCache? cache)
    {
        if (node.IsConstant)
            into.Fill(RuleConstants.IsTrue(node) ? ulong.MaxValue : 0);
        else if (cache is not null && node.IsOfItemsAlone)
            cache.Get(node, items).CopyTo(into);
        else if (cache is not null && node.Op is RuleOp.And or RuleOp.Or or RuleOp.Not)
            Combine(node, items, into, cache);
        else
            FillChunks(RulePlan.Bits(node, items.Table), items, into);
    }

    private static void Combine(RuleNode node, ItemColumns items, Span<ulong> into, PredicateCache? cache)
    {
        Fill(node.Operands[0], items, into, cache);
        if (node.Op == RuleOp.Not)
        {
            foreach (ref ulong word in into)
                word = ~word;
            return;
        }
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(into.Length);
        Span<ulong> other = rented.AsSpan(0, into.Length);
        foreach (RuleNode operand in node.Operands.AsSpan(1))
        {
            Fill(operand, items, other, cache);
            if (node.Op == RuleOp.And)
                RowWords.And(into, other);
            else
                RowWords.Or(into, other);
        }
        ArrayPool<ulong>.Shared.Return(rented);
    }

    private static void FillChunks(BitsPlan plan, ItemColumns items, Span<ulong> into)
    {
        const int ChunkWords = ItemColumns.ChunkRows / 64;
        for (int chunk = 0; chunk < items.Chunks.Length; chunk++)
        {
            Span<ulong> words = into[(chunk * ChunkWords)..Math.Min((chunk + 1) * ChunkWords, into.Length)];
            plan.Fill(new(items.Chunks[chunk], 0, words.Length * 64), words);
        }
    }
}
