using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Hosting;

/// <summary>Unpredictable: what a server uses.</summary>
public sealed class CryptoRandomSource : IRandomSource
{
    /// <summary>Numbers that a thread draws at once: a call to the system's generator costs as much for one as for dozens.</summary>
    private const int DrawnCount = 64;

    [ThreadStatic]
    private static ulong[]? drawn;

    [ThreadStatic]
    private static int left;

    public ulong Next()
    {
        ulong[] numbers = drawn ??= new ulong[DrawnCount];
        if (left == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(numbers.AsSpan()));
            left = numbers.Length;
        }
        ulong number = numbers[--left];
        // What was given out is not kept: it may be part of a key.
        numbers[left] = 0;
        return number;
    }
}

/// <summary>SplitMix64 from a seed: what simulations and tests use. The n-th value depends on the seed and n alone.</summary>
public sealed class SeededRandomSource(ulong seed) : IRandomSource
{
    private ulong state = seed;

    public ulong Next() => IdHash.Mix(Interlocked.Add(ref state, 0x9e3779b97f4a7c15UL));
}
