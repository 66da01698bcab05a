using System.Net;

namespace OrleansRec.Silo.Dashboard.Access;

/// <summary>Tells whether a request without a login comes from a browser on this machine that was given this machine's name.</summary>
public static class LocalBrowser
{
    /// <summary>A page elsewhere that points its own host name at 127.0.0.1 is not local: the host it names is not.</summary>
    public static bool Is(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && IsLoopback(context.Request.Host.Host);

    /// <summary>Whether a host name is this machine's own, without asking the network.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
