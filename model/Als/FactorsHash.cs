using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OrleansRec.Model;

/// <summary>SHA-256 over ids and factors in the order of buckets: equal exactly where the factors are, however buckets are dealt to shards.</summary>
public static class FactorsHash
{
    /// <summary>The hash of one bucket's rows; of no rows too.</summary>
    /// <param name="ids">Ids in the order of rows, shape (n).</param>
    /// <param name="factors">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <returns>32 bytes.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static byte[] OfBucket(ReadOnlySpan<string> ids, ReadOnlySpan<float> factors, int width)
    {
        if (factors.Length != ids.Length * width)
            throw new ArgumentException($"{ids.Length} rows of {width} floats are needed; got {factors.Length} floats.", nameof(factors));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> id = stackalloc byte[4 + IdHash.IdBytesMax];
        for (int row = 0; row < ids.Length; row++)
        {
            int length = Encoding.UTF8.GetBytes(ids[row], id[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(id, length);
            hash.AppendData(id[..(4 + length)]);
            AppendFloats(hash, factors.Slice(row * width, width));
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of all buckets, lower-case hexadecimal.</summary>
    /// <param name="bucketHashes">32 bytes each, in the order of buckets.</param>
    public static string Combine(IEnumerable<byte[]> bucketHashes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] bucket in bucketHashes)
            hash.AppendData(bucket);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendFloats(IncrementalHash hash, ReadOnlySpan<float> row)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(row));
            return;
        }
        Span<byte> one = stackalloc byte[4];
        foreach (float value in row)
        {
            BinaryPrimitives.WriteSingleLittleEndian(one, value);
            hash.AppendData(one);
        }
    }
}
