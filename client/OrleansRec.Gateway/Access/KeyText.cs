using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>
/// The text of an API key: <c>rec_ID_SECRET</c>, 12 hexadecimal digits and 256 random bits in base64url. The server keeps its SHA-256 only.
/// </summary>
internal static class KeyText
{
    public const string Prefix = "rec_";
    private const int IdChars = 12;
    private const int SecretBytes = 32;
    private const int TextCharsMax = 256;

    /// <summary>Makes a key: its text, which nobody keeps, and the record.</summary>
    public static (string Text, KeyRecord Record) Make(string name, KeyScope scope, DateTimeOffset now)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdChars / 2));
        string text = $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (text, new KeyRecord(id, name, scope, SHA256.HashData(Encoding.UTF8.GetBytes(text)), now.ToUnixTimeMilliseconds()));
    }

    /// <summary>The id within a text; null where it does not have the form of a key.</summary>
    public static string? IdOf(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length is > 4 + IdChars + 1 and <= TextCharsMax && text[Prefix.Length + IdChars] == '_'
            ? text.Substring(Prefix.Length, IdChars)
            : null;

    /// <summary>Whether the text is the record's key, in a time that does not depend on where they differ.</summary>
    public static bool Matches(string text, KeyRecord record)
    {
        Span<byte> utf8 = stackalloc byte[TextCharsMax * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, record.Hash);
    }
}
