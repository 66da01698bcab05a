namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>Breaks bytes as a bad disk, a cut line or a hostile sender would.</summary>
internal static class ByteMutation
{
    private static readonly byte[][] Inserted =
        [[0], [0xFF], [0xEF, 0xBB, 0xBF], [0xC3], [0xED, 0xA0, 0x80], "\r\n"u8.ToArray(), "\""u8.ToArray(), ","u8.ToArray(), "\t"u8.ToArray(), "{"u8.ToArray(), "[[[["u8.ToArray(), "1e999"u8.ToArray()];

    /// <summary>Applies one to four changes: a flipped bit, a cut, a piece twice, a piece gone, an insertion.</summary>
    public static byte[] Apply(Random dice, byte[] bytes)
    {
        for (int changes = dice.Next(1, 5); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = dice.Next(bytes.Length);
            int length = Math.Min(dice.Next(1, 40), bytes.Length - at);
            bytes = dice.Next(5) switch
            {
                0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << dice.Next(8))), .. bytes[(at + 1)..]],
                1 => bytes[..at],
                2 => [.. bytes[..(at + length)], .. bytes[at..]],
                3 => [.. bytes[..at], .. bytes[(at + length)..]],
                _ => [.. bytes[..at], .. Inserted[dice.Next(Inserted.Length)], .. bytes[at..]],
            };
        }
        return bytes;
    }
}
