using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Tests.Durability;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Access;

/// <summary>TLS by configuration, with a certificate made here: the server shows it, says that there is no way back, and marks its cookies.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Serve_WithACertificate_SpeaksTlsAndNothingElse(bool isPem)
    {
        using X509Certificate2 made = Make();
        await using ProductProcess server = await ProductProcess.Serve(scratch["data"], isPem ? Pem(made) : Pkcs12(made));
        Assert.Equal("https", server.Address.Scheme);
        string? shown = null;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate!.GetCertHashString(HashAlgorithmName.SHA256)) is not null },
        }) { BaseAddress = server.Address };

        using HttpResponseMessage answer = await http.GetAsync("/v1/status");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(made.GetCertHashString(HashAlgorithmName.SHA256), shown);
        Assert.StartsWith("max-age=", answer.Headers.GetValues("Strict-Transport-Security").Single());
        using HttpResponseMessage page = await http.GetAsync("/dashboard/login");
        Assert.All(page.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], c => Assert.Contains("secure", c, StringComparison.OrdinalIgnoreCase));
        using var plain = new HttpClient { BaseAddress = new UriBuilder(server.Address) { Scheme = "http" }.Uri };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync("/health/live"));
    }

    [Theory]
    [InlineData("nothing-here.pem", null)]
    [InlineData(null, "key.pem")]
    public void Load_WithoutItsFiles_NamesTheSetting(string? certificate, string? key)
    {
        var e = Assert.Throws<OptionsValidationException>(() => new TlsOptions { CertificatePath = certificate, KeyPath = key }.Load());
        Assert.Contains("Server:Tls:CertificatePath", e.Message);
    }

    [Fact]
    public void Load_WithoutAnySetting_IsPlain() => Assert.Null(new TlsOptions().Load());

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private Dictionary<string, string> Pem(X509Certificate2 certificate)
    {
        Directory.CreateDirectory(scratch["tls"]);
        string own = Path.Combine(scratch["tls"], "own.pem"), key = Path.Combine(scratch["tls"], "key.pem");
        File.WriteAllText(own, certificate.ExportCertificatePem());
        File.WriteAllText(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return new() { ["Server__Tls__CertificatePath"] = own, ["Server__Tls__KeyPath"] = key };
    }

    private Dictionary<string, string> Pkcs12(X509Certificate2 certificate)
    {
        Directory.CreateDirectory(scratch["tls"]);
        string own = Path.Combine(scratch["tls"], "own.pfx");
        File.WriteAllBytes(own, certificate.Export(X509ContentType.Pkcs12, "secret"));
        return new() { ["Server__Tls__CertificatePath"] = own, ["Server__Tls__Password"] = "secret" };
    }
}
