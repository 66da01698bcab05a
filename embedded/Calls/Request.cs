using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>A call in flight, and the task that its caller waits for.</summary>
internal sealed class Request<TArguments, TResult> : TaskCompletionSource<TResult>, ICall, IDeadlined
{
    private readonly MethodPlan<TArguments, TResult> _plan;
    private readonly CallReference _reference;
    private readonly TArguments _arguments;
    private readonly CancellationTokenSource? _cancellation;
    private readonly CancellationTokenRegistration _callerCancels;
    private Activation? _activation;
    private DeadlineLink _link;

    public Request(
        MethodPlan<TArguments, TResult> plan, CallReference reference, TArguments arguments, CancellationToken cancellation,
        TaskCreationOptions options)
        : base(options)
    {
        _plan = plan;
        _reference = reference;
        _arguments = plan.PassArguments is { } pass ? pass(arguments) : arguments;
        if (!cancellation.CanBeCanceled)
            return;

        // The callee gets a token of its own, so that what it registers there runs in its own turns and not on the canceller's thread.
        _cancellation = new();
        _callerCancels = cancellation.UnsafeRegister(static (state, token) => ((Request<TArguments, TResult>)state!).Cancel(token), this);
    }

    public bool AlwaysInterleave => _plan.AlwaysInterleave;

    public bool ReadOnly => _plan.ReadOnly;

    public bool IsWanted => !Task.IsCompleted;

    public ref DeadlineLink Link => ref _link;

    public void Begin(Activation activation)
    {
        Volatile.Write(ref _activation, activation);
        Task task;
        try
        {
            task = _plan.Invoke(activation.GrainInstance!, _arguments, _cancellation?.Token ?? CancellationToken.None)
                ?? throw new InvalidOperationException($"{_plan.Name} returned null for its task.");
        }
        catch (Exception thrown)
        {
            task = System.Threading.Tasks.Task.FromException<TResult>(thrown);
        }
        if (task.IsCompleted)
            End(activation, task);
        else
            task.ContinueWith(
                static (task, state) =>
                {
                    var request = (Request<TArguments, TResult>)state!;
                    request.End(request._activation!, task);
                },
                this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach,
                activation.Turns);
    }

    public void Reject(Exception reason)
    {
        Release();
        TrySetException(reason);
    }

    public void SendAgain() => _reference.Send(this);

    public void Expire()
    {
        Reject(new TimeoutException(
            $"{_plan.Name} of {_reference.GrainId} has not answered within {nameof(EmbeddedOptions.ResponseTimeout)} = {_plan.ResponseTimeout}."));
        CancelCallee();
    }

    private void End(Activation activation, Task task)
    {
        Release();
        try
        {
            if (task.IsCompletedSuccessfully)
                Answer(task);
            else
                Fail(activation, task);
        }
        catch (Exception notPassed)
        {
            // The caller must hear of something, and the activation must be free for the next call, even where the result cannot travel.
            TrySetException(notPassed);
        }
        activation.OnEnded(this);
    }

    private void Answer(Task task)
    {
        var result = typeof(TResult) == typeof(NoResult) ? default! : ((Task<TResult>)task).Result;
        TrySetResult(_plan.PassResult is { } pass ? pass(result) : result);
    }

    private void Fail(Activation activation, Task task)
    {
        if (task.IsCanceled)
        {
            TrySetCanceled(_cancellation?.Token ?? new CancellationToken(true));
            return;
        }
        var thrown = task.Exception!.InnerExceptions[0];
        activation.OnFailed(thrown, _plan);
        TrySetException(_plan.PassException is { } pass ? pass(thrown) : thrown);
    }

    // The caller goes on at once; the callee hears of it in a turn of its own, if it has begun at all.
    private void Cancel(CancellationToken token)
    {
        _plan.Deadlines.Remove(this);
        TrySetCanceled(token);
        CancelCallee();
    }

    private void CancelCallee()
    {
        if (_cancellation is not null && Volatile.Read(ref _activation) is { } activation)
            activation.Turns.EnqueueTask(_cancellation.Cancel);
    }

    private void Release()
    {
        _plan.Deadlines.Remove(this);
        _callerCancels.Unregister();
    }
}
