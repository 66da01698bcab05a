using System.Net;
using System.Net.Sockets;
using Orleans.Hosting;
using Orleans.Storage;

namespace OrleansRec.Silo.Hosting;

/// <summary>The engine that this build was made for: Orleans, one silo in this process.</summary>
internal static class Engine
{
    public const string Name = "Orleans";

    private const int NoGateway = 0;

    public static void AddTo(IHostApplicationBuilder builder)
    {
        // Its warnings are two, at every start: that the server's garbage collector is off. It is off on purpose, for its heap per processor.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), NoGateway));
    }

    /// <summary>Grain state that ends with the process.</summary>
    public static void AddMemoryState(IServiceCollection services, string name) =>
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => MemoryGrainStorageFactory.Create(provider, name));

    /// <summary>Nobody calls this silo from outside its process: any port does, so that a server and commands on other folders run side by side.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
