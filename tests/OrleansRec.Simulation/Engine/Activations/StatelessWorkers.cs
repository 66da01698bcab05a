using OrleansRec.Simulation.Engine.Calls;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>What takes the messages of a grain on one silo: an activation, or the workers of a stateless grain.</summary>
internal interface IMessageTarget
{
    void Accept(Message message);
}

/// <summary>The activations of a stateless grain in one silo: a call goes to an idle one, else to a new one, else to the least loaded.</summary>
/// <param name="make">Makes a worker; takes what is called when it has ended.</param>
/// <param name="workersMax">How many there may be.</param>
internal sealed class StatelessWorkers(Func<Action<Activation>, Activation> make, int workersMax) : IMessageTarget
{
    private readonly List<Activation> _workers = [];

    public void Accept(Message message) => Choose(message).Accept(message);

    private Activation Choose(Message message)
    {
        // One that ends takes no more calls; its place is free when it has ended.
        var least = _workers.Where(w => w.State < ActivationState.Deactivating).MinBy(w => w.Load);
        if (least is { Load: 0 } || (least is not null && _workers.Count >= workersMax))
            return least;
        var worker = make(ended => _workers.Remove(ended));
        _workers.Add(worker);
        worker.Activate(message.Context);
        return worker;
    }
}
