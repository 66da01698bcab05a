using OrleansRec.Api;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>The rules of events for the lines of one file, and the key of each line.</summary>
public sealed class LineRules
{
    private const string KeptDash = "ids that are only '-' kept";
    private readonly EventTypeRules _types;
    private readonly bool _knowsTypes;
    private readonly IdLeniency _kept;
    private readonly ImportWarnings _warnings;
    private readonly long _nowMs;
    private readonly ulong _fileKey;
    private readonly OccurrenceKeys _keys = new();

    /// <summary>Takes the rules.</summary>
    /// <param name="types">The event types of this process.</param>
    /// <param name="knowsTypes">Whether types are checked against them; otherwise the receiver checks them.</param>
    /// <param name="plan">What is imported.</param>
    /// <param name="warnings">Counts what is accepted although it looks odd.</param>
    /// <param name="nowMs">The time now.</param>
    public LineRules(EventTypeRules types, bool knowsTypes, ImportPlan plan, ImportWarnings warnings, long nowMs)
    {
        (_types, _knowsTypes, _kept, _warnings, _nowMs) = (types, knowsTypes, plan.Read.Kept, warnings, nowMs);
        _fileKey = plan.Read.KeyByFile ? IdHash.Of(System.IO.Path.GetFileName(plan.Path)) : 0;
    }

    /// <summary>Whether any line had neither an id nor a time, so that only its content tells it from others.</summary>
    public bool HasBareLines { get; private set; }

    /// <summary>Leaves a line out that breaks a rule.</summary>
    public void Check(ref ImportLine line)
    {
        if (line.Rejected is not null || Violation(line) is not { } broken)
        {
            if (line.User is "-" || line.Item is "-")
                _warnings.Count(KeptDash, line.Number);
            return;
        }
        string option = broken.Field == "type" && line.Type is { Length: > 0 } ? "; --types THEIRS=OURS gives a type another name"
            : broken.Rule.StartsWith("must be an id;", StringComparison.Ordinal) ? " (--null-ids keep takes it)" : "";
        line.Reject($"{broken.Field} {broken.Rule}{option}", broken.Field, broken.Value);
    }

    /// <summary>The key that makes a line that has passed an event of its own.</summary>
    public ulong KeyOf(in ImportLine line)
    {
        if (line.EventId is { } id)
            return EventKeys.TryParse(id, out ulong named) ? named : IdHash.Of(id);
        HasBareLines |= line.TimeMs is null;
        ulong key = _keys.KeyOf(line);
        return _fileKey == 0 ? key : IdHash.Mix(key ^ _fileKey);
    }

    // A receiver with types of its own checks the type itself; everything else is the same there as here.
    private RuleViolation? Violation(in ImportLine line)
    {
        string? type = _knowsTypes || (line.Type is { } t && _types.TryGet(t, out _)) ? line.Type : EventTypeRules.Interaction;
        return EventRules.CheckEvent(line.User, line.Item, type, line.Value, line.TimeMs, line.Session, line.EventId, _types, _nowMs, kept: _kept)
            ?? EventRules.CheckId("type", line.Type);
    }
}
