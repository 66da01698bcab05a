using OrleansRec.Model.Blobs;

namespace OrleansRec.Model.Tests;

/// <summary>The frame of every blob, and contents that pass the checksum but that no writer makes.</summary>
public sealed class BlobTests
{
    private static byte[] Blob(Action<BlobWriter> write)
    {
        var blob = new BlobWriter(BlobKind.UserLog);
        write(blob);
        return blob.SealToArray();
    }

    private static CorruptLogException Refuse(Action<BlobWriter> write) => Assert.Throws<CorruptLogException>(() =>
    {
        var reader = new UserLogReader(Blob(write));
        while (reader.TryRead(out _))
            ;
    });

    /// <summary>The check value of CRC-32C in every catalogue of CRCs.</summary>
    [Fact]
    public void Crc32C_OfTheNineDigits_IsTheKnownValue() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void Crc32C_InPieces_IsThatOfTheWhole()
    {
        byte[] bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Finish(Crc32C.Add(Crc32C.Add(Crc32C.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut))));
    }

    [Fact]
    public void Read_NewerFormat_SaysWhichAndWhichIsKnown()
    {
        byte[] blob = Blob(_ => { });
        blob[1] = (byte)(BlobWriter.LatestFormatOf(BlobKind.UserLog) + 1);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(^4), Crc32C.Of(blob.AsSpan(..^4)));
        var refused = Assert.Throws<NewerLogFormatException>(() => new UserLogReader(blob));
        Assert.Equal((BlobWriter.LatestFormatOf(BlobKind.UserLog) + 1, (int)BlobWriter.LatestFormatOf(BlobKind.UserLog)), (refused.Found, refused.Known));
    }

    /// <summary>Not left to the checksum alone: a blob cut where its rest happens to check must still be refused.</summary>
    [Fact]
    public void Read_AnotherLengthThanWritten_IsRefusedThoughTheChecksumHolds()
    {
        byte[] blob = Blob(b => b.Byte(2));
        blob[^12]++;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(^4), Crc32C.Of(blob.AsSpan(..^4)));
        Assert.Equal("the blob should have 16 bytes; got 15", Assert.Throws<CorruptLogException>(() => new UserLogReader(blob)).Rule);
    }

    [Theory]
    [InlineData(0L, 0ul), InlineData(-1L, 1ul), InlineData(1L, 2ul), InlineData(-2L, 3ul), InlineData(long.MaxValue, ulong.MaxValue - 1), InlineData(long.MinValue, ulong.MaxValue)]
    public void ZigZag_NumbersNearZero_AreSmall(long value, ulong coded)
    {
        Assert.Equal(coded, Varint.ZigZag(value));
        Assert.Equal(value, Varint.UnZigZag(coded));
    }

    [Fact]
    public void Read_ContentThatNoWriterMakes_NamesOffsetAndRule()
    {
        Assert.Contains("operation of 0 to 5", Refuse(b => { b.Byte(3); b.Varint(0); b.Text("u"); }).Rule);
        Assert.Contains("must be at most 0; got 5", Refuse(b => { b.Byte(2); b.Varint(5); }).Rule);
        Assert.Contains("100 bytes should follow; 1 do", Refuse(b => { b.Byte(2); b.Varint(0); b.Varint(100); b.Byte(1); }).Rule);
        Assert.Contains("at most 10 bytes", Refuse(b => { b.Byte(2); b.Bytes([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]); }).Rule);
        Assert.Contains("at most 10 bytes", Refuse(b => { b.Byte(2); b.Byte(0x80); }).Rule);
        Assert.Equal(2 + 3, Refuse(b => { b.Byte(2); b.Varint(0); b.Varint(100); b.Byte(1); }).Offset);
    }

    /// <summary>A count of a billion in a blob of forty bytes must not become an array of a billion.</summary>
    [Fact]
    public void Read_ACountThatCannotBe_IsRefusedBeforeAnythingIsAllocated()
    {
        var blob = new BlobWriter(BlobKind.ItemShard);
        blob.Varint(1);
        blob.Varint(1);
        blob.Varint(1_000_000_000);
        Assert.Contains("room for 0 watermarks; got 1000000000", Assert.Throws<CorruptLogException>(() => ItemShardSnapshot.Read(blob.SealToArray())).Rule);
    }
}
