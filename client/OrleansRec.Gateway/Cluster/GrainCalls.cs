using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Makes calls to grains again where that can help: the silo was lost, the answer did not come, or the shard begins anew.</summary>
/// <remarks>
/// A call that is not answered may have been carried out all the same, so only calls go through here that may be made twice: reads, and writes that are known by an
/// id. Each attempt waits <see cref="GatewayOptions.CallTimeout"/>; pauses double and are part chance, so that callers that failed together do not come back
/// together. It ends with the request's deadline, which is the cancellation.
/// </remarks>
public sealed class GrainCalls(IOptions<GatewayOptions> options, TimeProvider time)
{
    private readonly GatewayOptions _options = options.Value;

    /// <summary>Makes a call until it is answered, refused, or attempts or time are up; then the last failure is thrown as it is.</summary>
    /// <param name="call">May be carried out more than once.</param>
    /// <param name="cancellation">The deadline.</param>
    /// <param name="repeated">What the answer of a later attempt means, where an earlier one may have been carried out.</param>
    public async Task<T> Run<T>(Func<Task<T>> call, CancellationToken cancellation, Func<T, T>? repeated = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                T answer = await call().WaitAsync(_options.CallTimeout, time, cancellation).ConfigureAwait(false);
                return attempt > 1 && repeated is not null ? repeated(answer) : answer;
            }
            catch (Exception e) when (attempt < AttemptsMax(e) && !cancellation.IsCancellationRequested)
            {
                GatewayMetrics.CountRetried();
            }
            await Task.Delay(Pause(attempt), time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The same for a call without an answer.</summary>
    public Task Run(Func<Task> call, CancellationToken cancellation) => Run(async () =>
    {
        await call().ConfigureAwait(false);
        return true;
    }, cancellation);

    /// <summary>
    /// A lost silo is noticed and replaced within seconds, which is waited for. A store that fails, or another writer, is tried a few times only: a new
    /// activation puts right what can be put right at once, and what cannot the caller should hear of. What is left is refused for what it is.
    /// </summary>
    private int AttemptsMax(Exception failure) => failure switch
    {
        LimitExceededException => 1,
        StoreUnavailableException or FencedException or VersionGoneException or InconsistentStateException => _options.StoreAttemptsMax,
        OrleansException or TimeoutException => _options.CallAttemptsMax,
        _ => 1,
    };

    private TimeSpan Pause(int attempt)
    {
        TimeSpan doubled = _options.FirstRetryPause * Math.Pow(2, Math.Min(attempt - 1, 30));
        return (doubled < _options.RetryPauseMax ? doubled : _options.RetryPauseMax) * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
