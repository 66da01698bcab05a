using System.Text;

namespace OrleansRec.Model;

/// <summary>The 64-bit hash of an id that is the same in every process, on every machine and in every version.</summary>
/// <remarks>FNV-1a over the UTF-8 bytes, then the finaliser of MurmurHash3, so that the top bits, which choose the bucket, are as good as the rest.</remarks>
public static class IdHash
{
    /// <summary>An id is at most this many UTF-8 bytes.</summary>
    public const int IdBytesMax = 256;

    /// <summary>Hashes an id.</summary>
    /// <param name="id">Any string of at most <see cref="IdBytesMax"/> UTF-8 bytes.</param>
    /// <exception cref="ArgumentException">The id is longer than <see cref="IdBytesMax"/> bytes.</exception>
    public static ulong Of(ReadOnlySpan<char> id)
    {
        Span<byte> utf8 = stackalloc byte[IdBytesMax];
        if (!Encoding.UTF8.TryGetBytes(id, utf8, out int length))
            throw new ArgumentException($"An id holds at most {IdBytesMax} bytes of UTF-8; got {Encoding.UTF8.GetByteCount(id)}.", nameof(id));
        return Of(utf8[..length]);
    }

    /// <summary>Hashes bytes of any length.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037UL;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 1099511628211UL;
        return Mix(hash);
    }

    /// <summary>The 64-bit finaliser of MurmurHash3: a bijection that spreads every input bit over all output bits.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdUL;
        x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return x ^ (x >> 33);
    }
}
