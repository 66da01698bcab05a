using System.Numerics;

namespace OrleansRec.Model.Items;

/// <summary>Sets of rows as bits, 64 to a word, the lowest row in the lowest bit.</summary>
public static class RowWords
{
    /// <summary>Words that a number of rows takes.</summary>
    /// <param name="rows">0 or more.</param>
    public static int CountOf(int rows) => (rows + 63) >> 6;

    /// <summary>Whether a row is in the set.</summary>
    /// <param name="words">The set.</param>
    /// <param name="row">The row.</param>
    public static bool Has(ReadOnlySpan<ulong> words, int row) => (words[row >> 6] >> row & 1) != 0;

    /// <summary>Puts a row into the set, or takes it out.</summary>
    /// <param name="words">The set.</param>
    /// <param name="row">The row.</param>
    /// <param name="isIn">Whether it is in the set afterwards.</param>
    public static void Set(Span<ulong> words, int row, bool isIn)
    {
        ulong bit = 1UL << row;
        if (isIn)
            words[row >> 6] |= bit;
        else
            words[row >> 6] &= ~bit;
    }

    /// <summary>Puts the first rows into the set and takes all others out.</summary>
    /// <param name="words">The set.</param>
    /// <param name="rows">How many rows.</param>
    public static void Fill(Span<ulong> words, int rows)
    {
        words.Clear();
        words[..(rows >> 6)].Fill(ulong.MaxValue);
        if ((rows & 63) != 0)
            words[rows >> 6] = (1UL << rows) - 1;
    }

    /// <summary>Keeps what both sets have.</summary>
    /// <param name="words">Kept in place.</param>
    /// <param name="other">The other set, as long.</param>
    public static void And(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        for (int i = 0; i < words.Length; i++)
            words[i] &= other[i];
    }

    /// <summary>Takes the rows of the other set out.</summary>
    /// <param name="words">Kept in place.</param>
    /// <param name="other">The other set, as long.</param>
    public static void Remove(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        for (int i = 0; i < words.Length; i++)
            words[i] &= ~other[i];
    }

    /// <summary>Adds the rows of the other set.</summary>
    /// <param name="words">Kept in place.</param>
    /// <param name="other">The other set, as long.</param>
    public static void Or(Span<ulong> words, ReadOnlySpan<ulong> other)
    {
        for (int i = 0; i < words.Length; i++)
            words[i] |= other[i];
    }

    /// <summary>How many rows the set has.</summary>
    /// <param name="words">The set.</param>
    public static int Count(ReadOnlySpan<ulong> words)
    {
        int count = 0;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        return count;
    }
}
