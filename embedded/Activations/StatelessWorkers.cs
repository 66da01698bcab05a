namespace OrleansRec.Embedded;

/// <summary>The activations of a stateless grain in one silo: a call goes to an idle one, else to a new one, else to the least loaded.</summary>
internal sealed class StatelessWorkers(GrainClass grainClass, Func<Action<Activation>, Activation> create, int workersMax) : ICallTarget
{
    private readonly List<Activation> _workers = [];

    public void Accept(ICall call)
    {
        Activation worker;
        lock (_workers)
            worker = Choose();
        worker.Accept(call);
    }

    public override string ToString() => grainClass.Name;

    private Activation Choose()
    {
        var least = _workers.MinBy(w => w.Load);
        if (least is { Load: 0 } || _workers.Count >= workersMax)
            return least!;
        var worker = create(Remove);
        _workers.Add(worker);
        return worker;
    }

    private void Remove(Activation worker)
    {
        lock (_workers)
            _workers.Remove(worker);
    }
}
