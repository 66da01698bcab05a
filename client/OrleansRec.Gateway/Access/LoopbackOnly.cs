using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansRec.Gateway;

/// <summary>Stops the start of a server that is asked to serve without keys on an address that others can reach.</summary>
/// <remarks>Runs when the server has bound its addresses. Until then, and always, <see cref="AccessMiddleware"/> asks others for a key all the same.</remarks>
internal sealed class LoopbackOnly(IServer server, IOptions<GatewayOptions> options) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Value.InsecureLoopback)
            Check(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        return Task.CompletedTask;
    }

    /// <exception cref="InvalidOperationException">An address is not a loopback address.</exception>
    internal static void Check(IEnumerable<string> addresses)
    {
        foreach (string address in addresses)
            if (!Uri.TryCreate(address.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri)
                || !IsLoopbackHost(uri.Host))
                throw new InvalidOperationException(
                    $"Gateway:InsecureLoopback is true, but the server listens on {address}; without keys it must listen on a loopback address, such as http://127.0.0.1:5000.");
    }

    internal static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
