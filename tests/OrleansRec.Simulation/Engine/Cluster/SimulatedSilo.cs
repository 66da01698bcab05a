using System.Net;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Model;
using OrleansRec.Simulation.Engine.Activations;
using OrleansRec.Simulation.Engine.Calls;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>One virtual process of a simulated cluster: its activations and a container of its own.</summary>
public sealed class SimulatedSilo
{
    private readonly Dictionary<GrainId, IMessageTarget> _targets = [];
    private readonly SortedDictionary<long, Activation> _activations = [];
    private readonly string _name;
    private ITimer? _collector;
    private long _made;
    private bool _isStopped;

    internal SimulatedSilo(int number, SimulatedCluster cluster)
    {
        (Number, Cluster, Clock) = (number, cluster, new(cluster.Clock));
        Address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + number), 1);
        Node = IdHash.Of(Address.Endpoint.ToString());
        Timers = new(cluster.Clock);
        _name = $"silo {number}";
    }

    /// <summary>Counts silos from 1, in the order in which they started; never given twice.</summary>
    public int Number { get; }

    /// <summary>What grains of this silo read as its address.</summary>
    public SiloAddress Address { get; }

    /// <summary>The wall clock of this silo.</summary>
    public SiloClock Clock { get; }

    /// <summary>Where it stands.</summary>
    public SiloState State { get; internal set; }

    /// <summary>Its container.</summary>
    public IServiceProvider Services { get; private set; } = null!;

    /// <summary>The grains, as code inside this silo sees them that is no grain.</summary>
    public IGrainFactory GrainFactory { get; private set; } = null!;

    /// <summary>Whether nothing of it runs any more.</summary>
    public bool IsDead => State == SiloState.Dead;

    /// <summary>The grains that are active here; a stateless worker once for each of its activations.</summary>
    public IEnumerable<GrainId> Grains => _activations.Values.Select(a => a.GrainId);

    internal SimulatedCluster Cluster { get; }

    internal GrainTimers Timers { get; }

    /// <summary>What stands for this silo in the choice of a home.</summary>
    internal ulong Node { get; }

    internal IEnumerable<Activation> Activations => _activations.Values;

    internal void Begin(GrainTypes types, GrainReferences references)
    {
        var own = new GrainReferences(types);
        own.Calls = new GrainCalls(own, Cluster.Network.Wire, Cluster.Network, this);
        GrainFactory = own;
        Services = SiloServices.Build(this, types, references, Cluster.Options);
        var period = Cluster.Options.CollectionPeriod;
        _collector = Cluster.Clock.CreateTimer(_ => Collect(), null, period, period);
    }

    /// <summary>Gives a message to the activation of its grain, which is made if there is none.</summary>
    internal void Accept(Message message)
    {
        if (_isStopped)
        {
            Cluster.Network.Reply(message, Orleans.Serialization.Invocation.Response.FromException(new SiloUnavailableException($"{this} has ended.")));
            return;
        }
        var grain = message.Call!.Target;
        if (!_targets.TryGetValue(grain, out var target))
            _targets.Add(grain, target = Make(grain, message));
        target.Accept(message);
    }

    /// <summary>Whether a grain has an activation here.</summary>
    internal bool Has(GrainId grain) => _targets.ContainsKey(grain);

    /// <summary>The activation of a grain that is no stateless worker, or null.</summary>
    internal Activation? Find(GrainId grain) => _targets.GetValueOrDefault(grain) as Activation;

    /// <summary>Makes an activation of a grain that comes from another silo with what it brought; an activation that is here already stays as it is.</summary>
    internal void TakeOver(GrainId grain, MigrationState state)
    {
        if (_isStopped || _targets.ContainsKey(grain))
            return;
        var activation = Activate(grain, null);
        _targets.Add(grain, activation);
        activation.Rehydrate(state);
        activation.Activate(null);
    }

    /// <summary>Tells an activation that the caller has given up; false where the call is neither running nor waiting here.</summary>
    internal bool Cancel(Call call) => _activations.Values.Where(a => a.GrainId == call.Target).ToArray().Any(a => a.Cancel(call));

    /// <summary>Ends all activations, within the stop timeout, and from then on refuses all calls.</summary>
    internal async Task Stop()
    {
        _collector?.Dispose();
        try
        {
            await EndAll().WaitAsync(Cluster.Options.StopTimeout, Cluster.Clock);
        }
        catch (TimeoutException)
        {
            Cluster.Trace.Add($"{this} stops with {_activations.Count} activations");
        }
        _isStopped = true;
    }

    /// <summary>Ends everything between two turns.</summary>
    internal void Kill()
    {
        State = SiloState.Dead;
        _collector?.Dispose();
    }

    internal void Remove(Activation activation)
    {
        _activations.Remove(activation.Number);
        if (_targets.GetValueOrDefault(activation.GrainId) == activation)
            _targets.Remove(activation.GrainId);
    }

    /// <inheritdoc/>
    public override string ToString() => _name;

    // Grains that end may call others and so make new activations: these end in a further round.
    private async Task EndAll()
    {
        while (_activations.Count > 0)
        {
            var round = _activations.Values.ToArray();
            foreach (var activation in round)
                activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "This silo ends."));
            await Task.WhenAll(round.Select(a => a.Deactivated));
        }
    }

    private void Collect()
    {
        foreach (var activation in _activations.Values.Where(a => a.IsCollectible).ToArray())
            activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, $"Idle for {activation.CollectionAge}."));
    }

    private IMessageTarget Make(GrainId grain, Message first)
    {
        if (Cluster.Types.ClassOf(grain.Type).WorkersMax is { } most)
            return new StatelessWorkers(ended => Activate(grain, ended), most > 0 ? most : Cluster.Options.StatelessWorkersMax);
        var activation = Activate(grain, null);
        activation.Activate(first.Context);
        return activation;
    }

    private Activation Activate(GrainId grain, Action<Activation>? ended)
    {
        var activation = new Activation(this, Cluster.Types.ClassOf(grain.Type), grain, ++_made, ended);
        _activations.Add(activation.Number, activation);
        return activation;
    }
}

/// <summary>Where a simulated silo stands.</summary>
public enum SiloState
{
    /// <summary>It serves.</summary>
    Active,
    /// <summary>It ends in order: no new activations.</summary>
    Draining,
    /// <summary>The others take it for dead, and no message reaches or leaves it, but it runs and reaches the storage.</summary>
    CutOff,
    /// <summary>Nothing of it runs.</summary>
    Dead,
}
