using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace OrleansRec.Silo.Hosting;

/// <summary>The certificate that the server shows. Configuration section <see cref="Section"/>; without a certificate it serves plain HTTP.</summary>
public sealed class TlsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Server:Tls";

    /// <summary>Certificate: PEM with its chain, or PKCS #12 (.pfx, .p12).</summary>
    /// <value>Null by default: no TLS.</value>
    public string? CertificatePath { get; set; }

    /// <summary>Private key as PEM; null where it is in the certificate's own file.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Password of the key or of the PKCS #12 file. Better given as the environment variable <c>Server__Tls__Password</c> than in a file.</summary>
    public string? Password { get; set; }

    /// <summary>Reads the certificate and its chain; null where none is configured.</summary>
    /// <exception cref="OptionsValidationException">A file is missing or cannot be read; names the setting.</exception>
    public (X509Certificate2 Certificate, X509Certificate2Collection Chain)? Load()
    {
        if (CertificatePath is null)
            return KeyPath is null ? null : throw Broken("CertificatePath", "must be given where KeyPath is");
        try
        {
            return IsPkcs12(CertificatePath) ? LoadPkcs12(CertificatePath) : LoadPem(CertificatePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Broken("CertificatePath", $"'{CertificatePath}'{(KeyPath is null ? "" : $" with KeyPath '{KeyPath}'")} must be a certificate with its private key: {e.Message}");
        }
    }

    private (X509Certificate2, X509Certificate2Collection) LoadPkcs12(string path)
    {
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, Password);
        X509Certificate2 own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it has no private key");
        return (own, all);
    }

    private (X509Certificate2, X509Certificate2Collection) LoadPem(string path)
    {
        X509Certificate2 own = Password is null
            ? X509Certificate2.CreateFromPemFile(path, KeyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, Password, KeyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        return (own, chain);
    }

    private static bool IsPkcs12(string path) => Path.GetExtension(path).ToLowerInvariant() is ".pfx" or ".p12";

    private static OptionsValidationException Broken(string setting, string rule) => new(Section, typeof(TlsOptions), [$"{Section}:{setting} {rule}"]);
}
