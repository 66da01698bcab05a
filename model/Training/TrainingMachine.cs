using System.Diagnostics;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model;

/// <summary>The course of one training as a pure function: (state, event) → (state, commands).</summary>
/// <remarks>
/// Freezing (users) → Gathering (items) → Mapping (users) → Starting (items) → (SolvingUsers → SolvingItems) × Sweeps → LearningSequences (one item shard, × epochs, where there is a
/// sequence model) → Measuring (users, where there is a <see cref="QualityRule"/>) → Publishing (items) → Done, or Refused after Measuring. A phase ends when
/// every shard of its side has reported. A shard that reports an error, which includes having lost its part through a restart, sends the training back to
/// Freezing at the same watermarks, as a new attempt that no report of an earlier one reaches, and on from the last checkpoint. That comes
/// to the same factors with every solver, because users are a function of the last items and the pairs alone: the approximate solvers begin them at zero in every sweep.
/// </remarks>
public static class TrainingMachine
{
    /// <summary>How often a training begins again without finishing a sweep before it fails.</summary>
    public const int RestartsMax = 8;

    /// <summary>Trainings that may wait for shards to let them go; beyond it no new one starts.</summary>
    public const int UnreleasedMax = 64;

    /// <summary>Steps the machine. Events that do not fit the state change nothing.</summary>
    public static (TrainingState State, IReadOnlyList<TrainingCommand> Commands) Step(TrainingState state, TrainingEvent happened) => happened switch
    {
        TrainingEvent.Started e when state.IsOver && state.Unreleased.Count < UnreleasedMax => Begin(state, e),
        TrainingEvent.Resumed when !state.IsOver => Again(state),
        TrainingEvent.Resumed => (state, ReleaseAgain(state)),
        TrainingEvent.Reported e when IsAwaited(state, e.Report) => Take(state, e.Report),
        TrainingEvent.Silence => (state, [.. state.IsOver ? [] : AskAgain(state), .. ReleaseAgain(state)]),
        TrainingEvent.Published when IsSwept(state) => End(state with { Reason = null }, TrainingPhase.Done),
        TrainingEvent.Refused e when state.Phase == TrainingPhase.Publishing => Fail(state, e.Reason),
        // Once publishing is asked for it cannot be taken back: the directory may have moved the pointer, whatever the asker heard.
        TrainingEvent.Stopped when !state.IsOver && !IsBeingPublished(state) => End(state, TrainingPhase.Stopped),
        TrainingEvent.Released e when state.Unreleased.Any(u => u.Version == e.Version) =>
            (state with { Unreleased = [.. state.Unreleased.Where(u => u.Version != e.Version)] }, [new TrainingCommand.Save()]),
        _ => (state, []),
    };

    /// <summary>Whether the shards of a phase are user shards.</summary>
    public static bool IsUserPhase(TrainingPhase phase) =>
        phase is TrainingPhase.Freezing or TrainingPhase.Mapping or TrainingPhase.SolvingUsers or TrainingPhase.Measuring;

    /// <summary>Whether every block is prepared, so that the version is published or about to be.</summary>
    public static bool IsBeingPublished(TrainingState state) =>
        state.Phase == TrainingPhase.Publishing && state.ReportedCount == state.ItemShards;

    /// <summary>Whether every sweep and every epoch is done, so that the version may have been published by whoever drove the training before.</summary>
    public static bool IsSwept(TrainingState state) => !state.IsOver && state.Checkpoint >= state.Options.Sweeps && state.NextEpoch is null;

    private static (TrainingState, IReadOnlyList<TrainingCommand>) Begin(TrainingState state, TrainingEvent.Started e)
    {
        var fresh = new TrainingState
        {
            Version = state.Version + 1, Options = e.Options, Rule = e.Rule, Sequence = e.Sequence, UserShards = e.UserShards, ItemShards = e.ItemShards,
            Watermarks = [.. Enumerable.Repeat(-1L, e.UserShards)], Unreleased = state.Unreleased,
        };
        if (state.Version == 0 || state.Unreleased.Any(u => u.Version == state.Version))
            return Again(fresh);
        // A shard that the others took for dead may have stored a block after they had let go: the last training is let go once more.
        var last = new TrainingRelease(state.Version, Published: state.Phase == TrainingPhase.Done);
        var (next, commands) = Again(fresh with { Unreleased = [.. state.Unreleased, last] });
        return (next, [.. commands, new TrainingCommand.Release(last)]);
    }

    /// <summary>Begins an attempt. It is kept first: an attempt's number is given once, whoever drives the training.</summary>
    private static (TrainingState, IReadOnlyList<TrainingCommand>) Again(TrainingState state)
    {
        var (next, commands) = Enter(state with { Attempt = state.Attempt + 1 }, TrainingPhase.Freezing, 0);
        return (next, [new TrainingCommand.Save(), .. commands]);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) Enter(TrainingState state, TrainingPhase phase, int sweep)
    {
        int shards = IsUserPhase(phase) ? state.UserShards : phase == TrainingPhase.LearningSequences ? 1 : state.ItemShards;
        var next = state with { Phase = phase, Sweep = sweep, Reports = new TrainingReport?[shards] };
        return (next, AskAgain(next));
    }

    private static IReadOnlyList<TrainingCommand> AskAgain(TrainingState state)
    {
        if (IsBeingPublished(state))
            return [new TrainingCommand.Publish()];
        return [.. Enumerable.Range(0, state.Reports.Count).Where(s => state.Reports[s] is null).Select(s => new TrainingCommand.Begin(s))];
    }

    private static IReadOnlyList<TrainingCommand> ReleaseAgain(TrainingState state) => [.. state.Unreleased.Select(u => new TrainingCommand.Release(u))];

    private static bool IsAwaited(TrainingState state, TrainingReport report) =>
        !state.IsOver && report.Version == state.Version && report.Attempt == state.Attempt && report.Phase == state.Phase && report.Sweep == state.Sweep
        && (uint)report.Shard < (uint)state.Reports.Count && state.Reports[report.Shard] is null;

    private static (TrainingState, IReadOnlyList<TrainingCommand>) Take(TrainingState state, TrainingReport report)
    {
        if (report.Error is not null)
            return report.IsFinal ? Fail(state, report.Error) : Restart(state, report.Error);
        var reports = state.Reports.ToArray();
        reports[report.Shard] = report;
        var next = state with { Reports = reports };
        return next.ReportedCount < reports.Length ? (next, []) : Leave(next, reports!);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) Restart(TrainingState state, string reason)
    {
        if (state.Restarts >= RestartsMax)
            return Fail(state, reason);
        var (next, commands) = Again(state with { Restarts = state.Restarts + 1, Reason = reason });
        // What made it fail twice without a sweep in between, such as a shard with two activations, needs a while to pass: silence begins the next attempt.
        return (next, state.Restarts == 0 ? commands : [new TrainingCommand.Save()]);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) Fail(TrainingState state, string reason) =>
        End(state with { Reason = reason }, TrainingPhase.Failed);

    private static (TrainingState, IReadOnlyList<TrainingCommand>) End(TrainingState state, TrainingPhase phase)
    {
        var ended = new TrainingRelease(state.Version, Published: phase == TrainingPhase.Done);
        return (
            state with { Phase = phase, Reports = [], Unreleased = [.. state.Unreleased, ended] },
            [new TrainingCommand.Save(), new TrainingCommand.Release(ended)]);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) Leave(TrainingState state, TrainingReport[] reports)
    {
        switch (state.Phase)
        {
            case TrainingPhase.Freezing:
                return LeaveFreezing(state, reports);
            case TrainingPhase.Gathering:
                if (reports.Sum(r => r.Pairs) is var gathered && gathered != state.Pairs)
                    return Restart(state, $"Item shards gathered {gathered} pairs; user shards hold {state.Pairs}.");
                return Enter(state with { ItemRows = [.. reports.Select(r => r.Rows)] }, TrainingPhase.Mapping, 0);
            case TrainingPhase.Mapping:
                return Enter(state, TrainingPhase.Starting, state.Checkpoint);
            case TrainingPhase.Starting:
                var started = state with { ItemGram = GramOf(state, reports) };
                return state.Checkpoint >= state.Options.Sweeps
                    ? EndSweeps(WithHash(started, reports))
                    : Enter(started, TrainingPhase.SolvingUsers, state.Checkpoint + 1);
            case TrainingPhase.SolvingUsers:
                var terms = Root(state, reports);
                return Enter(state with { UserGram = GramOf(state, terms), UserRegularisation = terms[^1] }, TrainingPhase.SolvingItems, state.Sweep);
            case TrainingPhase.SolvingItems:
                return LeaveSweep(state, reports);
            case TrainingPhase.LearningSequences:
                return LeaveEpoch(state, reports[0]);
            case TrainingPhase.Measuring:
                return LeaveMeasuring(state, reports);
            case TrainingPhase.Publishing:
                return (state, [new TrainingCommand.Publish()]);
            default:
                throw new UnreachableException($"No shard works in phase {state.Phase}.");
        }
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) LeaveFreezing(TrainingState state, TrainingReport[] reports)
    {
        bool first = state.Watermarks.Contains(-1);
        double[] ratings = BucketTree.Root([.. reports.SelectMany(r => r.Sums)], 2);
        var frozen = state with
        {
            Watermarks = [.. reports.Select(r => r.Watermark)], UserRows = [.. reports.Select(r => r.Rows)], Pairs = reports.Sum(r => r.Pairs),
            GlobalMean = state.Options.Objective == Objective.Explicit && ratings[1] > 0 ? ratings[0] / ratings[1] : 0,
        };
        if (frozen.Pairs == 0)
            return Fail(frozen, "There are no interactions to train on.");
        var (next, commands) = Enter(frozen, TrainingPhase.Gathering, 0);
        return first ? (next, [new TrainingCommand.Save(), .. commands]) : (next, commands);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) LeaveSweep(TrainingState state, TrainingReport[] reports)
    {
        double[] terms = Root(state, reports);
        double[] itemGram = GramOf(state, terms);
        double loss = Loss.Total(state.Options, terms[^2], state.UserRegularisation, terms[^1], state.UserGram, itemGram);
        if (!double.IsFinite(loss))
            return Fail(state, $"The objective after sweep {state.Sweep} is {loss}: λ or α does not suit these values.");
        var swept = state with { ItemGram = itemGram, Losses = [.. state.Losses, loss], Checkpoint = state.Sweep, Restarts = 0 };
        var (next, commands) = state.Sweep < state.Options.Sweeps
            ? Enter(swept, TrainingPhase.SolvingUsers, state.Sweep + 1)
            : EndSweeps(WithHash(swept, reports));
        return (next, [new TrainingCommand.Save(), .. commands]);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) EndSweeps(TrainingState state) => state.NextEpoch is not null
        ? Enter(state, TrainingPhase.LearningSequences, state.Epochs.Done + 1)
        : Enter(state, state.Rule is null ? TrainingPhase.Publishing : TrainingPhase.Measuring, state.Checkpoint);

    private static (TrainingState, IReadOnlyList<TrainingCommand>) LeaveEpoch(TrainingState state, TrainingReport report)
    {
        if (!double.IsFinite(report.Epoch.Loss))
            return Fail(state, $"The loss of the sequence model after epoch {state.Sweep} is {report.Epoch.Loss}: its learning rate does not suit these histories.");
        SequenceProgress epochs = state.Epochs.With(state.NextEpoch!.Value, report.Epoch.Loss, report.Epoch.Ndcg);
        var (next, commands) = EndSweeps(state with { Epochs = epochs, Restarts = 0 });
        return (next, [new TrainingCommand.Save(), .. commands]);
    }

    private static (TrainingState, IReadOnlyList<TrainingCommand>) LeaveMeasuring(TrainingState state, TrainingReport[] reports)
    {
        // A shard on a silo from before there were comparisons measures nothing; that it does not tell a version is no other version.
        long[] compared = [.. reports.Select(r => r.ComparedWith).OfType<long>().Distinct()];
        if (compared.Length > 1)
            return Restart(state, $"Shards compared with the versions {string.Join(", ", compared)}: another one was made current meanwhile.");
        var sums = reports.Aggregate(default(QualitySums), (sum, r) => sum + r.Quality);
        var measured = state with { Quality = QualityComparison.Of(sums, compared.FirstOrDefault(), state.Rule!) };
        return measured.Quality.IsRefused
            ? End(measured with { Reason = measured.Quality.Reason }, TrainingPhase.Refused)
            : Enter(measured, TrainingPhase.Publishing, state.Checkpoint);
    }

    private static TrainingState WithHash(TrainingState state, TrainingReport[] reports) =>
        state with { FactorsHash = FactorsHash.Combine(reports.SelectMany(r => r.BucketHashes)) };

    private static double[] Root(TrainingState state, TrainingReport[] reports) =>
        BucketTree.Root([.. reports.SelectMany(r => r.Sums)], SumLength(state.Options));

    private static double[] GramOf(TrainingState state, TrainingReport[] reports) => GramOf(state, Root(state, reports));

    private static double[] GramOf(TrainingState state, double[] terms)
    {
        double[] gram = terms[..^2];
        if (gram.Length > 0)
            GramMatrix.Mirror(gram, state.Options.Width);
        return gram;
    }

    /// <summary>How many doubles a solving shard's sums hold: k² when implicit, and two loss terms.</summary>
    public static int SumLength(AlsOptions options) =>
        (options.Objective == Objective.Implicit ? options.Width * options.Width : 0) + 2;
}
