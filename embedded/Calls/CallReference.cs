using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>What a reference stands for: a grain, seen through an interface.</summary>
internal sealed record CallRoute(EmbeddedEngine Engine, GrainClass Class, MethodPlan[] Plans);

/// <summary>Base of the generated proxies, whose methods put their arguments into a tuple and call in here.</summary>
internal abstract class CallReference(CallRoute route, string key) : GrainReference
{
    public override GrainId GrainId => new(route.Class.GrainType, IdSpan.Create(key));

    internal override GrainReference As(Type grainInterface) => route.Engine.Reference(grainInterface, route.Class, key);

    internal ICallNetwork? Network => route.Engine.Network;

    internal void Send(ICall call) => route.Engine.Deliver(route.Class, key, call);

    protected Task<TResult> Call<TArguments, TResult>(int method, TArguments arguments, CancellationToken cancellation)
    {
        var plan = (MethodPlan<TArguments, TResult>)route.Plans[method];
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<TResult>(cancellation);
        Request<TArguments, TResult> request;
        try
        {
            // A caller that is no grain has no turns to return to. It must not go on inside the callee's turn, so it is sent to the pool.
            // A grain's continuation is queued to its own turns by the task scheduler that it awaited under.
            var options = RuntimeContext.Current is null && route.Engine.Scheduler.UsesThreadPool
                ? TaskCreationOptions.RunContinuationsAsynchronously
                : TaskCreationOptions.None;
            request = new(plan, this, arguments, plan.OneWay ? default : cancellation, options);
        }
        catch (Exception notCopied)
        {
            return Task.FromException<TResult>(notCopied);
        }
        if (plan.OneWay)
        {
            Send(request);
            return Task.FromResult<TResult>(default!);
        }
        plan.Deadlines.Add(request);
        Send(request);
        return request.Task;
    }

    protected ValueTask<TResult> CallValue<TArguments, TResult>(int method, TArguments arguments, CancellationToken cancellation) =>
        new(Call<TArguments, TResult>(method, arguments, cancellation));

    protected ValueTask CallValueTask<TArguments>(int method, TArguments arguments, CancellationToken cancellation) =>
        new(Call<TArguments, NoResult>(method, arguments, cancellation));
}
