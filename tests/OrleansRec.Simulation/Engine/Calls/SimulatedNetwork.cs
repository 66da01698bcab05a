using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Storage;
using OrleansRec.Simulation.Engine.Activations;
using OrleansRec.Simulation.Engine.Cluster;
using OrleansRec.Simulation.Engine.Scheduling;

namespace OrleansRec.Simulation.Engine.Calls;

/// <summary>Carries calls between the silos of a simulated cluster, late, twice or not at all. Calls within a silo arrive at once.</summary>
/// <remarks>
/// As in Orleans, a call that gets no answer ends with a <see cref="TimeoutException"/> at its deadline, one to a silo that is found dead with a
/// <see cref="SiloUnavailableException"/>, and one that finds its grain gone is sent on to where it is.
/// </remarks>
internal sealed class SimulatedNetwork(
    GrainPlaces places, Func<IReadOnlyList<SimulatedSilo>> active, ClusterOptions options, DeterministicScheduler scheduler, TimeProvider clock, SimulatedRandom random,
    EventTrace trace, FaultCounts counts)
{
    // A call that goes round in circles is refused, as in Orleans.
    private const int HopsMax = 5;

    // Nor is it sent on for ever by activations that end before they begin it: Orleans' MaxForwardCount.
    private const int ForwardsMax = 2;

    // Word that a caller has given up may overtake the call: it is given again a few times, as in Orleans.
    private const int CancelTriesMax = 4;

    private static readonly TimeSpan s_cancelRetryPeriod = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<long, Call> _inFlight = [];
    private readonly Dictionary<(SimulatedSilo? From, SimulatedSilo? To), long> _lastArrived = [];
    private long _sent;

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>How values travel.</summary>
    public Wire Wire { get; set; } = null!;

    /// <summary>Called with the purpose of every call that is sent.</summary>
    public Action<string?> Sent { get; set; } = _ => { };

    /// <summary>Called when a call has ended whose caller had given up, with its method and the time since its activation was told.</summary>
    public Action<string, TimeSpan> Outlived { get; set; } = (_, _) => { };

    /// <summary>What the calls under way are made for.</summary>
    public IEnumerable<string?> Purposes => _inFlight.Values.Where(c => c.IsOpen).Select(c => c.Purpose);

    /// <summary>What the calls are made for that come from a silo or are on it.</summary>
    public IEnumerable<string?> PurposesAt(SimulatedSilo silo) => _inFlight.Values.Where(c => c.IsOpen && (c.From == silo || c.To == silo)).Select(c => c.Purpose);

    /// <summary>Takes a new call.</summary>
    public void Send(Call call)
    {
        call.Number = ++_sent;
        call.Purpose = options.PurposeOf(call.Method) ?? call.Purpose;
        var patience = call.Request.GetDefaultResponseTimeout() ?? options.ResponseTimeout;
        call.ExpiresAt = clock.GetTimestamp() + (long)(patience.TotalSeconds * clock.TimestampFrequency);
        if (call.IsOneWay)
            call.TryClose();
        else
            Await(call, patience);
        Sent(call.Purpose);
        Route(Message.Of(call), 0);
    }

    /// <summary>Sends a message on that its activation, which has ended, had not begun.</summary>
    public void SendAgain(Message message)
    {
        if (message.Forwards++ < ForwardsMax)
            Route(message, 1);
        else
            Reply(message, Response.FromException(new OrleansException($"{message} was sent on {ForwardsMax} times by activations that ended.")));
    }

    /// <summary>Takes the answer of a message that has run or was refused.</summary>
    public void Reply(Message message, Response response)
    {
        var call = message.Call!;
        if (message.CancelledAt is { } cancelledAt)
            Outlived(call.Method, clock.GetElapsedTime(cancelledAt));
        if (call.IsOneWay || message.IsExpired(clock.GetTimestamp()))
            return;
        if (call.From is not null && call.From == message.To)
        {
            _inFlight.Remove(call.Number);
            var copy = Travel(response, Wire.Copier.Copy);
            if (call.TryClose())
                scheduler.Enqueue(new Answer(call, copy));
            return;
        }
        var packed = Travel(response, r => (Response)Wire.FromBytes(Wire.ToBytes(r))!);
        if (IsCut(call.From) || IsCut(message.To))
            return;
        if (random.Chance(Faults.AnswerLost))
        {
            Fault(FaultKind.AnswerLost, call);
            return;
        }
        After(Delay(call), () =>
        {
            if (!_inFlight.Remove(call.Number) || IsCut(call.From))
                return;
            trace.Add($"answer {call.Number}");
            Complete(call, packed);
        });
    }

    /// <summary>A silo was found dead: who waits for it hears of that.</summary>
    public void Break(SimulatedSilo dead)
    {
        foreach (var (number, call) in _inFlight.Where(c => c.Value.To == dead).ToArray())
        {
            _inFlight.Remove(number);
            if (!call.IsOpen)
                continue;
            trace.Add($"broken {number}");
            Complete(call, Response.FromException(new SiloUnavailableException($"{dead} died while {call.Method} was on its way or under way.")));
        }
    }

    private void Await(Call call, TimeSpan patience)
    {
        _inFlight.Add(call.Number, call);
        if (call.Number % 1024 == 0)
            DropAnswered();
        call.Deadline = clock.CreateTimer(_ => Expire(call, patience), null, patience, Timeout.InfiniteTimeSpan);
        var token = call.Request.GetCancellationToken();
        if (token.CanBeCanceled)
            call.Cancellation = token.UnsafeRegister(_ => Cancel(call, token), null);
    }

    private void Expire(Call call, TimeSpan patience)
    {
        if (!call.TryClose())
            return;
        trace.Add($"timeout {call.Number}");
        _inFlight.Remove(call.Number);
        TellCancelled(call);
        if (call.From?.IsDead != true)
            call.Complete(Response.FromException(new TimeoutException($"Response did not arrive on time in {patience} for {call.Method} of {call.Target}.")));
    }

    /// <summary>The caller goes on at once; the callee hears of it later.</summary>
    private void Cancel(Call call, CancellationToken token)
    {
        if (!call.TryClose())
            return;
        counts.Add(FaultKind.Cancelled, call.Purpose);
        trace.Add($"cancel {call.Number}");
        _inFlight.Remove(call.Number);
        scheduler.Enqueue(new Answer(call, Response.FromException(new OperationCanceledException(token))));
        TellCancelled(call);
    }

    private void TellCancelled(Call call)
    {
        if (!call.Request.IsCancellable || call.To is null)
            return;
        if (call.From is not null && call.From == call.To)
            Tell(call, CancelTriesMax);
        else if (!IsCut(call.From) && !IsCut(call.To))
            After(Faults.Latency, () => Tell(call, CancelTriesMax));
    }

    private void Tell(Call call, int tries)
    {
        if (IsCut(call.To) || call.To!.Cancel(call) || tries == 1)
            return;
        After(s_cancelRetryPeriod, () => Tell(call, tries - 1));
    }

    private void Route(Message message, int hops)
    {
        var call = message.Call!;
        if (IsCut(call.From))
            return;
        if (Find(call) is not { } to)
        {
            var silos = active();
            if (silos.Count == 0 || hops > HopsMax)
            {
                Refuse(call, new OrleansException($"No silo takes {call.Target}."));
                return;
            }
            to = places.IsWorker(call.Target) ? random.Of(silos) : places.PutHome(call.Target, silos);
        }
        (message.To, call.To) = (to, to);
        trace.Add($"call {call.Number} {call.Method} {call.Target} from {Name(call.From)} to {to} for {call.Purpose}");
        if (to == call.From)
            Arrive(message, to, hops);
        else
            Carry(message, to, hops);
    }

    private SimulatedSilo? Find(Call call) => places.IsWorker(call.Target) ? call.From : places.Find(call.Target, call.From, call.Purpose);

    private void Carry(Message message, SimulatedSilo to, int hops)
    {
        var call = message.Call!;
        try
        {
            message.Pack(Wire);
        }
        catch (Exception unsendable)
        {
            Refuse(call, unsendable);
            return;
        }
        if (random.Chance(Faults.Duplicated))
        {
            Fault(FaultKind.Duplicated, call);
            var copy = message.Again();
            After(Delay(call) + random.Time(TimeSpan.Zero, Faults.DelayMax), () => Arrive(copy, to, hops));
        }
        if (random.Chance(Faults.CallLost))
            Fault(FaultKind.CallLost, call);
        else
            After(Delay(call), () => Arrive(message, to, hops));
    }

    private void Arrive(Message message, SimulatedSilo to, int hops)
    {
        var call = message.Call!;
        if (IsCut(to))
            return;
        if (to != call.From)
            NoteArrival(call, to);
        // As in Orleans: what nobody can wait for any more is dropped.
        if (message.IsExpired(clock.GetTimestamp()))
            return;
        var isWorker = places.IsWorker(call.Target);
        if (!isWorker && to.State == SiloState.Draining && !to.Has(call.Target))
            places.Remove(call.Target, to);
        if (!isWorker && !places.IsPlace(to, call.Target))
        {
            Route(message, hops + 1);
            return;
        }
        message.Unpack(Wire);
        to.Accept(message);
    }

    private void NoteArrival(Call call, SimulatedSilo to)
    {
        trace.Add($"arrival {call.Number}");
        if (call.Number < _lastArrived.GetValueOrDefault((call.From, to)))
            counts.Add(FaultKind.Reordered, call.Purpose);
        else
            _lastArrived[(call.From, to)] = call.Number;
    }

    private void Refuse(Call call, Exception reason)
    {
        _inFlight.Remove(call.Number);
        if (call.TryClose())
            scheduler.Enqueue(new Answer(call, Response.FromException(reason)));
    }

    private static void Complete(Call call, Response response)
    {
        if (call.TryClose())
            call.Complete(response);
    }

    /// <summary>The response on the other side, or the failure to bring it there.</summary>
    private static Response Travel(Response response, Func<Response, Response> travel)
    {
        Response arrived;
        try
        {
            arrived = travel(response);
        }
        catch (Exception unsendable)
        {
            arrived = Response.FromException(unsendable);
        }
        if (arrived.Exception is InconsistentStateException inconsistency)
            InconsistentStates.NotOfReceiver(inconsistency);
        return arrived;
    }

    private TimeSpan Delay(Call call)
    {
        if (!random.Chance(Faults.Delayed))
            return random.Time(TimeSpan.FromTicks(Faults.Latency.Ticks / 4), Faults.Latency);
        Fault(FaultKind.Delayed, call);
        return random.Time(Faults.Latency, Faults.DelayMax);
    }

    private void Fault(FaultKind kind, Call call)
    {
        counts.Add(kind, call.Purpose);
        trace.Add($"fault {kind} {call.Number}");
    }

    private static bool IsCut(SimulatedSilo? silo) => silo?.State is SiloState.CutOff or SiloState.Dead;

    private static string Name(SimulatedSilo? silo) => silo?.ToString() ?? "client";

    private void DropAnswered()
    {
        foreach (var (number, _) in _inFlight.Where(c => !c.Value.IsOpen).ToArray())
            _inFlight.Remove(number);
    }

    private void After(TimeSpan time, Action action) =>
        clock.CreateTimer(static action => ((Action)action!)(), action, time, Timeout.InfiniteTimeSpan);

    /// <summary>The answer of a call that is closed, on its last step, which is taken outside of every turn.</summary>
    private sealed class Answer(Call call, Response response) : IThreadPoolWorkItem
    {
        // The name of a turn is part of the trace's hash.
        private readonly string _name = $"answer {call.Number}";

        public void Execute()
        {
            if (call.From?.IsDead != true)
                call.Complete(response);
        }

        public override string ToString() => _name;
    }
}
