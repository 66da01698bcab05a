using System.Threading.Tasks.Sources;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using OrleansRec.Simulation.Engine.Cluster;

namespace OrleansRec.Simulation.Engine.Calls;

/// <summary>A call as its caller sees it: one answer, a deadline, and the right to give up.</summary>
internal abstract class Call(GrainId target, IInvokable request, InvokeMethodOptions options)
{
    /// <summary>Numbers calls in the order in which they were sent.</summary>
    public long Number { get; set; }

    public GrainId Target => target;

    public IInvokable Request => request;

    public InvokeMethodOptions Options => options;

    public bool IsOneWay => (options & InvokeMethodOptions.OneWay) != 0;

    /// <summary>Interface and method.</summary>
    public string Method { get; } = $"{request.GetInterfaceType().Name}.{request.GetMethodName()}";

    /// <summary>For what the call is made.</summary>
    public string? Purpose { get; set; }

    /// <summary>The silo of the caller; null for a client.</summary>
    public SimulatedSilo? From { get; init; }

    /// <summary>The silo that the call is on its way to, or runs on.</summary>
    public SimulatedSilo? To { get; set; }

    /// <summary>What the caller had in its RequestContext.</summary>
    public Dictionary<string, object>? Context { get; init; }

    /// <summary>The time stamp after which nobody runs the call or waits for it.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>Whether its caller still waits.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Tells when the time is up; null where nobody waits.</summary>
    public ITimer? Deadline { get; set; }

    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>Ends the waiting; false where it had ended before.</summary>
    public bool TryClose()
    {
        if (!IsOpen)
            return false;
        IsOpen = false;
        Deadline?.Dispose();
        Cancellation.Unregister();
        return true;
    }

    /// <summary>
    /// Gives the answer to the caller. Outside of every turn: a task that completes within one sends what awaits it by ConfigureAwait(false) to the thread pool.
    /// </summary>
    public abstract void Complete(Response response);
}

/// <summary>A call with its result, which proxies make a task of as they do of Orleans' own.</summary>
internal sealed class Call<T>(GrainId target, IInvokable request, InvokeMethodOptions options) : Call(target, request, options), IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _result;

    public short Version => _result.Version;

    public override void Complete(Response response)
    {
        if (response.Exception is { } failure)
            _result.SetException(failure);
        else
            _result.SetResult(response.GetResult<T>()!);
    }

    T IValueTaskSource<T>.GetResult(short token) => _result.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _result.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
