using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OrleansRec.Silo.Hosting;

/// <summary>
/// Listens nowhere: nobody calls the silo of a process that is a cluster by itself. So no port of the machine is taken, none can be another's by the time that it is wanted, and no other process
/// can speak to the engine.
/// </summary>
internal sealed class NoListener : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint));

    /// <summary>In the place of every listener of the engine, which knows each by a key of its own.</summary>
    public static void Replace(IServiceCollection services)
    {
        for (int i = 0; i < services.Count; i++)
            if (services[i] is { IsKeyedService: true, ServiceKey: { } key } && services[i].ServiceType == typeof(IConnectionListenerFactory))
                services[i] = ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory>(key, new NoListener());
    }

    private sealed class Listener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(end.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            end.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
