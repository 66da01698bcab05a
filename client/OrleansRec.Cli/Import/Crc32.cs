namespace OrleansRec.Cli.Import;

/// <summary>The CRC-32 of gzip (RFC 1952, section 8): reflected, polynomial 0xEDB88320.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>Continues a sum over more bytes; 0 begins one.</summary>
    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~sum;
        foreach (byte b in bytes)
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            table[i] = crc;
        }
        return table;
    }
}
