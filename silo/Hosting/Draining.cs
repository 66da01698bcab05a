namespace OrleansRec.Silo.Hosting;

/// <summary>The time between being told to stop and closing the port: the process says that it is not ready and serves on, so that who asks before sending sends elsewhere.</summary>
internal sealed class Draining(ClusterOptions cluster) : IHostedLifecycleService
{
    /// <summary>Everything that stops does so after this: the host calls it before it stops any part.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(cluster.DrainPeriod, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Adds it where there are other processes to send to.</summary>
internal static class DrainingHosting
{
    public static void AddDrain(this WebApplicationBuilder builder, ClusterOptions cluster)
    {
        if (cluster.Kind != ClusterKind.Single)
            builder.Services.AddHostedService<Draining>();
    }
}
