using Orleans.Runtime;
using OrleansRec.Simulation.Engine.Calls;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>The messages that run in an activation, and Orleans' rule of which others may run at the same time.</summary>
/// <remarks>
/// The first of them that does not interleave blocks the others. Orleans asks only about that one, and forgets it when it ends, even where another that reads only goes on:
/// a change could then begin beside the reader. It is so there, so it is so here.
/// </remarks>
internal sealed class RunningMessages(GrainClass grainClass)
{
    private readonly List<Message> _running = [];
    private readonly Dictionary<Guid, int> _sections = [];
    private Message? _blocking;

    public int Count => _running.Count;

    public Message? Find(Call call) => _running.Find(m => m.Call == call);

    public bool MayBegin(Message message, object instance) =>
        _running.Count == 0 || message.IsAlwaysInterleave || _blocking is null
        || (_blocking.IsReadOnly && message.IsReadOnly)
        || (message.ReentrancyId is var chain && chain != Guid.Empty && _sections.ContainsKey(chain))
        || grainClass.MayInterleave(instance, message.Body) || grainClass.MayInterleave(instance, _blocking.Body);

    public void Add(Message message)
    {
        _running.Add(message);
        if (!message.IsAlwaysInterleave)
            _blocking ??= message;
    }

    public void Remove(Message message)
    {
        _running.Remove(message);
        if (_blocking == message)
            _blocking = null;
    }

    /// <summary>Calls of this chain may come back from now on.</summary>
    public void EnterSection(Guid chain) => _sections[chain] = _sections.GetValueOrDefault(chain) + 1;

    public void ExitSection(Guid chain)
    {
        if (--_sections[chain] == 0)
            _sections.Remove(chain);
    }
}
