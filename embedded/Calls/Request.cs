using System.Diagnostics;
using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>A call in flight, and the task that its caller waits for.</summary>
internal sealed class Request<TArguments, TResult> : TaskCompletionSource<TResult>, ISentCall, IDeadlined
{
    private readonly MethodPlan<TArguments, TResult> _plan;
    private readonly CallReference _reference;
    private readonly TArguments _arguments;
    private readonly CancellationTokenSource? _cancellation;
    private readonly CancellationTokenRegistration _callerCancels;
    private readonly Request<TArguments, TResult>? _first;
    private readonly Activity? _span;
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
        _span = CallTracing.Begin(plan.SpanName);
        if (!cancellation.CanBeCanceled)
            return;

        // The callee gets a token of its own, so that what it registers there runs in its own turns and not on the canceller's thread.
        _cancellation = new();
        _callerCancels = cancellation.UnsafeRegister(static (state, token) => ((Request<TArguments, TResult>)state!).Cancel(token), this);
    }

    // Sent once more by the network: nobody waits for this one, its answer is the first one's.
    private Request(Request<TArguments, TResult> first)
    {
        _first = first;
        _plan = first._plan;
        _reference = first._reference;
        _arguments = _plan.PassArguments is { } pass ? pass(first._arguments) : first._arguments;
    }

    public string Method => _plan.Name;

    public CallNote? Note { get; set; }

    public bool AlwaysInterleave => _plan.AlwaysInterleave;

    public bool ReadOnly => _plan.ReadOnly;

    public bool IsWanted => !Task.IsCompleted;

    public ref DeadlineLink Link => ref _link;

    public ISentCall Again() => new Request<TArguments, TResult>(_first ?? this) { Note = Note };

    public void Begin(Activation activation)
    {
        Volatile.Write(ref _activation, activation);
        var task = Note is null ? Invoke(activation) : CallNote.Within(Note, this, activation, static (request, activation) => request.Invoke(activation));
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
        CallTracing.End(_span, failed: true);
        var waited = _first ?? this;
        waited.Release();
        waited.TrySetException(reason);
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
        CallTracing.End(_span, !task.IsCompletedSuccessfully);
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
            Reject(notPassed);
        }
        activation.OnEnded(this);
    }

    private Task Invoke(Activation activation)
    {
        // What the grain calls from here on, also after an await, is part of this call.
        Activity? before = CallTracing.Enter(_span);
        try
        {
            return _plan.Invoke(activation.GrainInstance!, _arguments, _cancellation?.Token ?? CancellationToken.None)
                ?? throw new InvalidOperationException($"{_plan.Name} returned null for its task.");
        }
        catch (Exception thrown)
        {
            return System.Threading.Tasks.Task.FromException<TResult>(thrown);
        }
        finally
        {
            CallTracing.Leave(_span, before);
        }
    }

    private void Answer(Task task)
    {
        var result = typeof(TResult) == typeof(NoResult) ? default! : ((Task<TResult>)task).Result;
        if (_plan.PassResult is { } pass)
            result = pass(result);
        if (_reference.Network is { } network)
            network.Return(this, () => (_first ?? this).Take(result));
        else
            Take(result);
    }

    private void Take(TResult result)
    {
        Release();
        TrySetResult(result);
    }

    private void Fail(Activation activation, Task task)
    {
        Exception thrown;
        if (task.IsCanceled)
        {
            thrown = new OperationCanceledException(_cancellation?.Token ?? new CancellationToken(true));
        }
        else
        {
            thrown = task.Exception!.InnerExceptions[0];
            activation.OnFailed(thrown, _plan);
            thrown = _plan.PassException is { } pass ? pass(thrown) : thrown;
        }
        if (_reference.Network is { } network)
            network.Return(this, () => (_first ?? this).Take(thrown));
        else
            Take(thrown);
    }

    private void Take(Exception thrown)
    {
        Release();
        if (thrown is OperationCanceledException cancelled)
            TrySetCanceled(cancelled.CancellationToken);
        else
            TrySetException(thrown);
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
        if (_cancellation is null)
            return;
        if (_reference.Network is { } network)
            network.Cancel(this, CancelRunning);
        else
            CancelRunning();
    }

    private void CancelRunning()
    {
        if (Volatile.Read(ref _activation) is { } activation)
            activation.Turns.EnqueueTask(_cancellation!.Cancel);
    }

    private void Release()
    {
        _plan.Deadlines.Remove(this);
        _callerCancels.Unregister();
    }
}
