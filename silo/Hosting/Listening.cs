using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Hosting;

/// <summary>The port that a process serves HTTP on.</summary>
internal static class Listening
{
    /// <summary>Serves HTTP where the section Server says, or the command line.</summary>
    public static void Listen(this WebApplicationBuilder builder, string? host, int? port)
    {
        builder.Services.Configure<ServerOptions>(o => (o.Host, o.Port) = (host ?? o.Host, port ?? o.Port));
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>((hosting, server) => hosting.ShutdownTimeout = server.Value.ShutdownPeriodMax);
        builder.Services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            var server = kestrel.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = server.ConnectionsMax;
            kestrel.Listen(AddressOf(server.Host), server.Port, listen => UseTls(listen, kestrel.ApplicationServices.GetRequiredService<IOptions<TlsOptions>>().Value));
        });
    }

    /// <summary>Starts the process's host and returns where it listens.</summary>
    /// <exception cref="BadInputException">The port is taken.</exception>
    public static async Task<Uri> StartListening(this WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new BadInputException("port", app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.Port.ToString(), "must be a port that nobody listens on", e);
        }
        return new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private static void UseTls(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listen, TlsOptions tls)
    {
        if (tls.Load() is not var (certificate, chain))
            return;
        listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain));
    }

    private static IPAddress AddressOf(string host) => host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new BadInputException("host", host, "must be an IP address, or localhost");
}
