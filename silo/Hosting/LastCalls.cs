using OrleansRec.Grains.Hosting;

namespace OrleansRec.Silo.Hosting;

/// <summary>
/// Ends the calls that grains make by themselves before the silo stops: stopping, it reaches no grain any more, and tells each such call as an error. Added after the silo, so that it stops before it.
/// </summary>
internal sealed class LastCalls(UnaskedCalls calls) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for those under way, as long as the host gives it; what is still under way then fails, and is made again after the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await calls.Finish().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
