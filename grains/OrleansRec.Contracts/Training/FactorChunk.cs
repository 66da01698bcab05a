using Orleans;

namespace OrleansRec.Contracts;

/// <summary>Consecutive rows of a factor block, as bytes, at most <see cref="BytesMax"/> of them.</summary>
/// <param name="FirstRow">Index of the first row within the block.</param>
/// <param name="RowCount">Rows in this chunk.</param>
/// <param name="TotalRows">Rows in the whole block.</param>
/// <param name="Width">Floats in a row.</param>
/// <param name="Ids">The rows' ids, or empty where the reader has them already.</param>
/// <param name="Factors">Little-endian floats, row-major, RowCount × Width × 4 bytes.</param>
[GenerateSerializer, Immutable, Alias("rec.factor-chunk")]
public sealed record FactorChunk(int FirstRow, int RowCount, int TotalRows, int Width, string[] Ids, byte[] Factors)
{
    /// <summary>The most factor bytes in one chunk: 4 MB.</summary>
    public const int BytesMax = 4 * 1024 * 1024;
}
