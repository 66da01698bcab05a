using System.Diagnostics;
using Orleans.Runtime;

namespace OrleansRec.Embedded;

/// <summary>Carries calls between the silos of a simulated cluster, late, twice or not at all. Calls within a silo arrive at once.</summary>
/// <remarks>
/// As in Orleans, a call that gets no answer ends with a <see cref="TimeoutException"/> at its deadline, one to a silo that is found dead with a
/// <see cref="SiloUnavailableException"/>, and one that finds its grain gone is sent on to where it is.
/// </remarks>
internal sealed class SimulatedNetwork(
    GrainPlaces places, Func<IReadOnlyList<SimulatedSilo>> active, Func<Silo, SimulatedSilo> find, Func<string, string?> purposeOf,
    TimeProvider clock, SimulatedRandom random, EventTrace trace, FaultCounts counts) : ICallNetwork
{
    // A call that goes round in circles is refused, as in Orleans.
    private const int HopsMax = 5;

    private readonly SortedDictionary<long, ISentCall> _inFlight = [];
    private readonly Dictionary<(Silo? From, Silo? To), long> _lastArrived = [];
    private long _sent;

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>Called with the purpose of every call that is sent.</summary>
    public Action<string?> Sent { get; set; } = _ => { };

    /// <summary>Called when a call has ended whose caller had given up, with its method and the time since its silo was told.</summary>
    public Action<string, TimeSpan> Outlived { get; set; } = (_, _) => { };

    /// <summary>What the calls under way are made for.</summary>
    public IEnumerable<string?> Purposes => _inFlight.Values.Where(c => c.IsWanted).Select(c => c.Note!.For);

    /// <summary>What the calls are made for that come from a silo or are on it.</summary>
    public IEnumerable<string?> PurposesAt(Silo silo) =>
        _inFlight.Values.Where(c => c.IsWanted && (c.Note!.From == silo || c.Note.To == silo)).Select(c => c.Note!.For);

    public void Send(GrainClass grainClass, string key, ICall call)
    {
        var sent = call as ISentCall ?? throw new UnreachableException($"{call} is sent by a reference, so it is a request.");
        if (sent.Note is null)
        {
            var from = (RuntimeContext.Current as Activation)?.Silo;
            sent.Note = new() { Number = ++_sent, For = purposeOf(sent.Method) ?? CallNote.Purpose, From = from };
            _inFlight.Add(_sent, sent);
            Sent(sent.Note.For);
            if (_sent % 1024 == 0)
                DropAnswered();
        }
        Route(grainClass, key, sent, 0);
    }

    public void Return(ISentCall call, Action arrive)
    {
        var note = call.Note!;
        if (note.CancelledAt is { } cancelledAt)
            Outlived(call.Method, clock.GetElapsedTime(cancelledAt));
        if (note.From is not null && note.From == note.To)
        {
            _inFlight.Remove(note.Number);
            arrive();
            return;
        }
        if (IsCut(note.From) || IsCut(note.To))
            return;
        if (random.Chance(Faults.AnswerLost))
        {
            Fault(FaultKind.AnswerLost, call);
            return;
        }
        After(Delay(call), () =>
        {
            if (!_inFlight.Remove(note.Number))
                return;
            trace.Add($"answer {note.Number}");
            arrive();
        });
    }

    public void Cancel(ISentCall call, Action arrive)
    {
        var note = call.Note!;
        counts.Add(FaultKind.Cancelled, note.For);
        trace.Add($"cancel {note.Number}");
        _inFlight.Remove(note.Number);
        if (note.From is not null && note.From == note.To)
            Tell();
        else if (!IsCut(note.From) && !IsCut(note.To))
            After(Faults.Latency, Tell);

        void Tell()
        {
            note.CancelledAt = clock.GetTimestamp();
            arrive();
        }
    }

    public void Forget(Activation activation)
    {
        if (activation.Class.WorkersMax is null)
            places.Remove(activation.Class, activation.Key, activation.Silo);
    }

    /// <summary>A silo was found dead: who waits for it hears of that.</summary>
    public void Break(Silo dead)
    {
        foreach (var (number, call) in _inFlight.Where(c => c.Value.Note!.To == dead).ToArray())
        {
            _inFlight.Remove(number);
            if (!call.IsWanted)
                continue;
            trace.Add($"broken {number}");
            call.Reject(new SiloUnavailableException($"{find(dead)} died while {call.Method} was on its way or under way."));
        }
    }

    private void Route(GrainClass grainClass, string key, ISentCall call, int hops)
    {
        var note = call.Note!;
        if (IsCut(note.From))
            return;
        if ((grainClass.WorkersMax is null ? places.Find(grainClass, key, note.From) : note.From) is not { } to)
        {
            var silos = active();
            if (silos.Count == 0 || hops > HopsMax)
            {
                _inFlight.Remove(note.Number);
                call.Reject(new OrleansException($"No silo takes {grainClass.Name}/{key}."));
                return;
            }
            to = grainClass.WorkersMax is null ? GrainPlaces.Choose(grainClass, key, silos) : random.Of(silos).Silo;
            if (grainClass.WorkersMax is null)
                places.Put(grainClass, key, to);
        }
        note.To = to;
        trace.Add($"call {note.Number} {call.Method} {grainClass.Name}/{key} from {Name(note.From)} to {Name(to)} for {note.For}");
        if (to == note.From)
            Arrive(grainClass, key, call, to, hops);
        else
            Carry(grainClass, key, call, to, hops);
    }

    private void Carry(GrainClass grainClass, string key, ISentCall call, Silo to, int hops)
    {
        var note = call.Note!;
        if (random.Chance(Faults.Duplicated))
        {
            Fault(FaultKind.Duplicated, call);
            var copy = call.Again();
            copy.Note = new() { Number = note.Number, For = note.For, From = note.From, To = to };
            After(Delay(call) + random.Time(TimeSpan.Zero, Faults.DelayMax), () => Arrive(grainClass, key, copy, to, hops));
        }
        if (random.Chance(Faults.CallLost))
            Fault(FaultKind.CallLost, call);
        else
            After(Delay(call), () => Arrive(grainClass, key, call, to, hops));
    }

    private void Arrive(GrainClass grainClass, string key, ISentCall call, Silo to, int hops)
    {
        var note = call.Note!;
        if (IsCut(to))
            return;
        if (to != note.From)
        {
            trace.Add($"arrival {note.Number}");
            var last = _lastArrived.GetValueOrDefault((note.From, to));
            if (note.Number < last)
                counts.Add(FaultKind.Reordered, note.For);
            else
                _lastArrived[(note.From, to)] = note.Number;
        }
        if (grainClass.WorkersMax is null && find(to).State == SiloState.Draining && !to.Has(grainClass, key))
            places.Remove(grainClass, key, to);
        if (grainClass.WorkersMax is null && !places.IsPlace(to, grainClass, key))
            Route(grainClass, key, call, hops + 1);
        else
            to.Accept(grainClass, key, call);
    }

    private TimeSpan Delay(ISentCall call)
    {
        if (!random.Chance(Faults.Delayed))
            return random.Time(TimeSpan.FromTicks(Faults.Latency.Ticks / 4), Faults.Latency);
        Fault(FaultKind.Delayed, call);
        return random.Time(Faults.Latency, Faults.DelayMax);
    }

    private void Fault(FaultKind kind, ISentCall call)
    {
        counts.Add(kind, call.Note!.For);
        trace.Add($"fault {kind} {call.Note.Number}");
    }

    private bool IsCut(Silo? silo) => silo is not null && find(silo).State is SiloState.CutOff or SiloState.Dead;

    private string Name(Silo? silo) => silo is null ? "client" : find(silo).ToString();

    private void DropAnswered()
    {
        foreach (var (number, _) in _inFlight.Where(c => !c.Value.IsWanted).ToArray())
            _inFlight.Remove(number);
    }

    private void After(TimeSpan time, Action action) =>
        clock.CreateTimer(static action => ((Action)action!)(), action, time, Timeout.InfiniteTimeSpan);
}
