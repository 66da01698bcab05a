using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>
/// The text of an API key: <c>rec_TENANT_ID_SECRET</c>, 12 hexadecimal digits and 256 random bits in base64url; the default tenant is left out. The
/// server keeps its SHA-256 only. Id and secret have fixed lengths and a tenant has no '_', so a text is read from its end.
/// </summary>
internal readonly ref struct KeyText
{
    public const string Prefix = "rec_";
    private const int IdChars = 12;
    private const int SecretBytes = 32;
    private const int SecretChars = 43;
    private const int TailChars = IdChars + 1 + SecretChars;
    private const int TextCharsMax = 4 + TenantId.CharsMax + 1 + TailChars;

    /// <summary>The tenant's name.</summary>
    public ReadOnlySpan<char> Tenant { get; private init; }

    /// <summary>Names the key within its tenant.</summary>
    public ReadOnlySpan<char> Id { get; private init; }

    /// <summary>Makes a key: its text, which nobody keeps, and the record.</summary>
    public static (string Text, KeyRecord Record) Make(TenantId tenant, string name, KeyScope scope, DateTimeOffset now, double? requestsPerSecond = null)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdChars / 2));
        (string text, byte[] hash) = Renew(tenant, id);
        return (text, new KeyRecord(id, name, scope, hash, now.ToUnixTimeMilliseconds(), RequestsPerSecond: requestsPerSecond));
    }

    /// <summary>A text with a new secret for a key of this id, and its hash.</summary>
    public static (string Text, byte[] Hash) Renew(TenantId tenant, string id)
    {
        string text = $"{Prefix}{(tenant == TenantId.Default ? "" : tenant.Name + "_")}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (text, SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Reads a text; false where it does not have the form of a key.</summary>
    public static bool TryRead(string text, out KeyText key)
    {
        key = default;
        if (text.Length is < 4 + TailChars or > TextCharsMax || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[^(SecretChars + 1)] != '_')
            return false;
        ReadOnlySpan<char> tenant = text.AsSpan(Prefix.Length, text.Length - Prefix.Length - TailChars);
        if (tenant.Length > 0 && (tenant.Length == 1 || tenant[^1] != '_'))
            return false;
        key = new() { Tenant = tenant.Length == 0 ? TenantId.Default.Name : tenant[..^1], Id = text.AsSpan(text.Length - TailChars, IdChars) };
        return true;
    }

    /// <summary>Whether the text is the record's key now, in a time that does not depend on where they differ.</summary>
    public static bool Matches(string text, KeyRecord record, DateTimeOffset now)
    {
        Span<byte> utf8 = stackalloc byte[TextCharsMax * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, record.Hash)
            || (record.OldHash is { } old && now.ToUnixTimeMilliseconds() < record.OldUntilMs && CryptographicOperations.FixedTimeEquals(hash, old));
    }
}
