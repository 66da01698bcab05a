using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Hosting;

/// <summary>Unpredictable: what a server uses.</summary>
public sealed class CryptoRandomSource : IRandomSource
{
    public ulong Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}

/// <summary>SplitMix64 from a seed: what simulations and tests use. The n-th value depends on the seed and n alone.</summary>
public sealed class SeededRandomSource(ulong seed) : IRandomSource
{
    private ulong state = seed;

    public ulong Next() => IdHash.Mix(Interlocked.Add(ref state, 0x9e3779b97f4a7c15UL));
}
