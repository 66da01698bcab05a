using Orleans;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using OrleansRec.Simulation.Engine.Activations;
using OrleansRec.Simulation.Engine.Cluster;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Calls;

/// <summary>Where the generated proxies end: every call of the cluster begins here.</summary>
/// <param name="references">Casts.</param>
/// <param name="wire">Copies what the caller has in its RequestContext.</param>
/// <param name="network">Carries the calls.</param>
/// <param name="at">The silo of callers that are no grains; null for clients outside.</param>
internal sealed class GrainCalls(GrainReferences references, Wire wire, SimulatedNetwork network, SimulatedSilo? at = null) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var call = Begin<T?>(reference, request, options);
        return call.IsOneWay ? default : new(call, call.Version);
    }

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var call = Begin<object?>(reference, request, options);
        return call.IsOneWay ? default : new(call, call.Version);
    }

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) => Begin<object?>(reference, request, options);

    public object Cast(IAddressable grain, Type interfaceType) => references.Cast(grain, interfaceType);

    private Call<T> Begin<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        request.GetCancellationToken().ThrowIfCancellationRequested();
        var call = new Call<T>(reference.GrainId, request, options)
        {
            From = (RuntimeContexts.Current as Activation)?.Silo ?? at, Purpose = CallPurpose.Current, Context = RequestContextExtensions.Export(wire.Copier),
        };
        network.Send(call);
        return call;
    }
}
