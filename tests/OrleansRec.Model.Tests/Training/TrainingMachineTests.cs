using OrleansRec.Model;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Training;

/// <summary>
/// Goal: a training goes through its phases in order, ends exactly once, and after any loss goes on from its last checkpoint. Method: the machine is
/// driven by shards that are played by the test; nothing is computed.
/// </summary>
public class TrainingMachineTests
{
    private static readonly AlsOptions Options = new() { Rank = 2, Sweeps = 3 };

    [Fact]
    public void Step_EveryShardReports_GoesThroughAllPhasesAndPublishesOnce()
    {
        var play = new Play(userShards: 3, itemShards: 2);

        play.RunToEnd();

        Assert.Equal(TrainingPhase.Done, play.State.Phase);
        Assert.Equal(1, play.PublishCount);
        Assert.Equal([1, 2, 3], play.SweepsSaved.Distinct().Where(s => s > 0));
        Assert.Equal(3, play.State.Losses.Count);
        Assert.Equal(
            [
                TrainingPhase.Freezing, TrainingPhase.Gathering, TrainingPhase.Mapping, TrainingPhase.Starting,
                TrainingPhase.SolvingUsers, TrainingPhase.SolvingItems, TrainingPhase.SolvingUsers, TrainingPhase.SolvingItems,
                TrainingPhase.SolvingUsers, TrainingPhase.SolvingItems, TrainingPhase.Publishing, TrainingPhase.Done,
            ],
            play.Phases);
    }

    /// <summary>Two epochs are chosen among three, by patience, and taken again; each is saved before the next begins.</summary>
    [Fact]
    public void Step_WithASequenceModel_TakesItsEpochsBetweenSweepsAndPublishing()
    {
        var play = new Play(userShards: 3, itemShards: 2, sequence: new() { Epochs = 10, Patience = 1 });
        double[] ndcg = [0.1, 0.2, 0.15, double.NaN, double.NaN];
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            play.RunTo(TrainingPhase.LearningSequences, epoch);
            Assert.Single(play.State.Reports);
            Assert.False(TrainingMachine.IsSwept(play.State));
            Assert.Equal(new SequenceStep(epoch <= 3, epoch <= 3 ? epoch : epoch - 3), play.State.NextEpoch);
            play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Epoch = (epoch, ndcg[epoch - 1]) }));
            Assert.Equal(new TrainingCommand.Save(), play.Carried[^(1 + play.State.Reports.Count)]);
        }
        Assert.Equal(TrainingPhase.Publishing, play.State.Phase);
        Assert.True(TrainingMachine.IsSwept(play.State));
        play.RunToEnd();
        Assert.Equal((TrainingPhase.Done, 1), (play.State.Phase, play.PublishCount));
        Assert.Equal([1, 2, 3, 4, 5], play.State.Epochs.Losses);
        Assert.Equal([0.1, 0.2, 0.15], play.State.Epochs.Ndcg);
    }

    [Fact]
    public void Step_ShardLosesAnEpoch_TakesItAgainAfterTheLastOneStored()
    {
        var play = new Play(userShards: 1, itemShards: 2, sequence: new() { Epochs = 2, Patience = 1 });
        play.RunTo(TrainingPhase.LearningSequences, 2);
        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Error = "lost" }));
        Assert.Equal(TrainingPhase.Freezing, play.State.Phase);
        play.RunTo(TrainingPhase.LearningSequences, 2);
        Assert.Equal((2, 1), (play.State.Attempt, play.State.Epochs.Done));
        play.RunToEnd();
        Assert.Equal(TrainingPhase.Done, play.State.Phase);
    }

    [Theory]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(1, "The sequence model: the loss is 99")]
    public void Step_SequenceModelDiverges_FailsAndNeverPublishes(double loss, string? error)
    {
        var play = new Play(userShards: 1, itemShards: 1, sequence: new() { Epochs = 2 });
        play.RunTo(TrainingPhase.LearningSequences, 1);
        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Epoch = (loss, 0.1), Error = error, IsFinal = error is not null }));
        Assert.Equal((TrainingPhase.Failed, 0), (play.State.Phase, play.PublishCount));
        Assert.Contains("sequence model", play.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_ReportedTwiceOrLate_ChangesNothing()
    {
        var play = new Play(userShards: 2, itemShards: 2);
        TrainingReport report = play.ReportOf(0);
        play.Feed(new TrainingEvent.Reported(report));
        TrainingState once = play.State;

        play.Feed(new TrainingEvent.Reported(report));
        Assert.Same(once, play.State);
        play.Feed(new TrainingEvent.Reported(report with { Version = 99, Shard = 1 }));
        Assert.Same(once, play.State);
        play.Feed(new TrainingEvent.Reported(report with { Shard = 7 }));
        Assert.Same(once, play.State);
        play.RunToEnd();
        play.Feed(new TrainingEvent.Reported(report));
        Assert.Equal(TrainingPhase.Done, play.State.Phase);
        Assert.Equal(1, play.PublishCount);
    }

    [Theory]
    [InlineData(TrainingPhase.Gathering, 0)]
    [InlineData(TrainingPhase.SolvingUsers, 2)]
    [InlineData(TrainingPhase.SolvingItems, 3)]
    [InlineData(TrainingPhase.Publishing, 3)]
    public void Step_ShardLosesItsPart_GoesOnFromTheLastCheckpoint(TrainingPhase phase, int sweep)
    {
        var play = new Play(userShards: 2, itemShards: 2);
        play.RunTo(phase, sweep);
        int checkpoint = play.State.Checkpoint;

        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Error = "lost" }));

        Assert.Equal(TrainingPhase.Freezing, play.State.Phase);
        Assert.Equal(checkpoint, play.State.Checkpoint);
        play.RunTo(TrainingPhase.Starting, checkpoint);
        play.RunToEnd();
        Assert.Equal(TrainingPhase.Done, play.State.Phase);
        Assert.Equal(3, play.State.Losses.Count);
        Assert.Equal(1, play.PublishCount);
    }

    [Fact]
    public void Step_Resumed_KeepsTheWatermarksOfTheFirstFreeze()
    {
        var play = new Play(userShards: 2, itemShards: 2);
        play.RunTo(TrainingPhase.SolvingUsers, 2);
        TrainingState kept = play.State;
        Assert.Equal([100L, 101L], kept.Watermarks);

        var (resumed, commands) = TrainingMachine.Step(
            new TrainingState
            {
                Phase = kept.Phase, Version = kept.Version, Options = kept.Options, UserShards = 2, ItemShards = 2,
                Watermarks = kept.Watermarks, Checkpoint = kept.Checkpoint, Losses = kept.Losses,
            },
            new TrainingEvent.Resumed());

        Assert.Equal(TrainingPhase.Freezing, resumed.Phase);
        Assert.Equal([100L, 101L], resumed.Watermarks);
        Assert.Equal([new TrainingCommand.Save(), new TrainingCommand.Begin(0), new TrainingCommand.Begin(1)], commands);
    }

    [Fact]
    public void Step_ShardFailsForEver_FailsWithItsReason()
    {
        var play = new Play(userShards: 1, itemShards: 1);
        for (int i = 0; i <= TrainingMachine.RestartsMax; i++)
            play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Error = "disk is full" }));

        Assert.Equal(TrainingPhase.Failed, play.State.Phase);
        Assert.Equal("disk is full", play.State.Reason);
        Assert.Equal(0, play.PublishCount);
    }

    /// <summary>Each of two user shards has half of the users, all of whom get 0.1 from the new version.</summary>
    [Theory]
    [InlineData(0.1, false, TrainingPhase.Done)]
    [InlineData(0.5, false, TrainingPhase.Refused)]
    [InlineData(0.5, true, TrainingPhase.Done)]
    public void Step_Measured_PublishesUnlessItIsWorse(double current, bool publishesAlways, TrainingPhase end)
    {
        var play = new Play(userShards: 2, itemShards: 3, new(0.1, 10, 0.02, publishesAlways));
        play.RunTo(TrainingPhase.Measuring, Options.Sweeps);
        Assert.Equal(2, play.State.Reports.Count);
        var half = Enumerable.Range(0, 5).Aggregate(default(QualitySums), (sum, _) => sum.With(0.1, current));
        for (int shard = 0; shard < 2; shard++)
            play.Feed(new TrainingEvent.Reported(play.ReportOf(shard) with { Quality = half, ComparedWith = 4 }));
        play.RunToEnd();

        Assert.Equal(end, play.State.Phase);
        Assert.Equal(end == TrainingPhase.Done ? 1 : 0, play.PublishCount);
        Assert.Equal(10, play.State.Quality!.Users);
        Assert.Equal(current > 0.1, play.State.Quality.IsWorse);
        Assert.Contains(new TrainingCommand.Release(new(1, Published: end == TrainingPhase.Done)), play.Carried);
        if (end == TrainingPhase.Refused)
            Assert.Equal("NDCG@10 on 10 held-out users is 0.1000; that of the current version 4 is 0.5000 (± 0.0000).", play.State.Reason);
    }

    /// <summary>While silos are upgraded, those from before there were comparisons answer for their users with nothing.</summary>
    [Fact]
    public void Step_AShardThatMeasuresNothing_ComparesOnTheOthers()
    {
        var play = new Play(userShards: 2, itemShards: 1, new(0.1, 1, 0, false));
        play.RunTo(TrainingPhase.Measuring, Options.Sweeps);

        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { ComparedWith = null }));
        play.Feed(new TrainingEvent.Reported(play.ReportOf(1) with { Quality = default(QualitySums).With(0.2, 0.1), ComparedWith = 4 }));
        play.RunToEnd();

        Assert.Equal((TrainingPhase.Done, 0), (play.State.Phase, play.State.Restarts));
        Assert.Equal((1L, 4L), (play.State.Quality!.Users, play.State.Quality.ComparedWith));
    }

    [Fact]
    public void Step_ShardsMeasuredAgainstDifferentVersions_MeasuresAgain()
    {
        var play = new Play(userShards: 2, itemShards: 1, new(0.1, 1, 0, false));
        play.RunTo(TrainingPhase.Measuring, Options.Sweeps);

        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { ComparedWith = 3 }));
        play.Feed(new TrainingEvent.Reported(play.ReportOf(1) with { ComparedWith = 4 }));

        Assert.Equal((TrainingPhase.Freezing, Options.Sweeps), (play.State.Phase, play.State.Checkpoint));
        play.RunToEnd();
        Assert.Equal(TrainingPhase.Done, play.State.Phase);
    }

    [Fact]
    public void Step_Silence_AsksOnlyTheSilent()
    {
        var play = new Play(userShards: 3, itemShards: 1);
        play.Feed(new TrainingEvent.Reported(play.ReportOf(1)));

        var (_, commands) = TrainingMachine.Step(play.State, new TrainingEvent.Silence());

        Assert.Equal([new TrainingCommand.Begin(0), new TrainingCommand.Begin(2)], commands);
    }

    /// <summary>Eight attempts at once were over before a directory that had split was whole again.</summary>
    [Fact]
    public void Step_LostTwiceWithoutASweep_BeginsAfterSilence()
    {
        var play = new Play(userShards: 1, itemShards: 1);
        var lost = new TrainingEvent.Reported(play.ReportOf(0) with { Error = "lost" });
        var (once, begun) = TrainingMachine.Step(play.State, lost);
        var (twice, kept) = TrainingMachine.Step(once, new TrainingEvent.Reported(lost.Report with { Attempt = 2 }));

        Assert.Equal([new TrainingCommand.Save(), new TrainingCommand.Begin(0)], begun);
        Assert.Equal([new TrainingCommand.Save()], kept);
        Assert.Equal([new TrainingCommand.Begin(0)], TrainingMachine.Step(twice, new TrainingEvent.Silence()).Commands);
    }

    [Fact]
    public void Step_ReportOfAnEarlierAttempt_ChangesNothing()
    {
        var play = new Play(userShards: 2, itemShards: 2);
        play.RunTo(TrainingPhase.Gathering, 0);
        TrainingReport early = play.ReportOf(1);
        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Error = "lost" }));
        play.RunTo(TrainingPhase.Gathering, 0);
        TrainingState before = play.State;

        play.Feed(new TrainingEvent.Reported(early));

        Assert.Same(before, play.State);
        Assert.Equal(2, before.Attempt);
    }

    [Fact]
    public void Step_EndedTraining_IsReleasedUntilEveryShardHasLetGo()
    {
        var play = new Play(userShards: 1, itemShards: 1);
        play.RunToEnd();
        var release = new TrainingCommand.Release(new(1, true));

        Assert.Equal([release], TrainingMachine.Step(play.State, new TrainingEvent.Silence()).Commands);
        Assert.Equal([release], TrainingMachine.Step(play.State, new TrainingEvent.Resumed()).Commands);
        play.Feed(new TrainingEvent.Released(1));

        Assert.Empty(TrainingMachine.Step(play.State, new TrainingEvent.Silence()).Commands);
        Assert.Equal(new TrainingCommand.Save(), play.Carried[^1]);
    }

    [Theory, InlineData(TrainingPhase.Done, true), InlineData(TrainingPhase.Failed, false)]
    public void Step_Started_ReleasesTheLastTrainingOnceMore(TrainingPhase ended, bool isPublished)
    {
        var state = new TrainingState { Phase = ended, Version = 4 };

        var (next, commands) = TrainingMachine.Step(state, new TrainingEvent.Started(Options, 1, 1));

        Assert.Contains(new TrainingCommand.Release(new(4, isPublished)), commands);
        Assert.Equal([new TrainingRelease(4, isPublished)], next.Unreleased);
    }

    [Fact]
    public void Step_TooManyTrainingsToRelease_StartsNoOther()
    {
        var state = new TrainingState { Unreleased = [.. Enumerable.Range(1, TrainingMachine.UnreleasedMax).Select(v => new TrainingRelease(v, false))] };

        Assert.Same(state, TrainingMachine.Step(state, new TrainingEvent.Started(Options, 1, 1)).State);
    }

    [Fact]
    public void Step_NothingToTrainOn_FailsAndSaysSo()
    {
        var play = new Play(userShards: 1, itemShards: 1);

        play.Feed(new TrainingEvent.Reported(play.ReportOf(0) with { Pairs = 0, Rows = 0 }));

        Assert.Equal(TrainingPhase.Failed, play.State.Phase);
        Assert.Contains("no interactions", play.State.Reason);
    }

    [Fact]
    public void Step_Stopped_NeverPublishes()
    {
        var play = new Play(userShards: 1, itemShards: 1);
        play.RunTo(TrainingPhase.SolvingItems, 2);

        play.Feed(new TrainingEvent.Stopped());
        play.RunToEnd();

        Assert.Equal(TrainingPhase.Stopped, play.State.Phase);
        Assert.Equal(0, play.PublishCount);
        Assert.Contains(new TrainingCommand.Release(new(1, false)), play.Carried);
    }

    [Fact]
    public void Step_StoppedWhilePublishing_ComesTooLate()
    {
        var state = new TrainingState { Phase = TrainingPhase.Publishing, Version = 1, ItemShards = 1, Reports = [new(1, 1, TrainingPhase.Publishing, 3, 0)] };

        var (next, commands) = TrainingMachine.Step(state, new TrainingEvent.Stopped());

        Assert.Same(state, next);
        Assert.Empty(commands);
    }

    [Fact]
    public void Step_StartedWhileRunning_KeepsTheRunning()
    {
        var play = new Play(userShards: 1, itemShards: 1);
        TrainingState before = play.State;

        play.Feed(new TrainingEvent.Started(Options, 1, 1));

        Assert.Same(before, play.State);
        play.RunToEnd();
        play.Feed(new TrainingEvent.Started(Options, 1, 1));
        Assert.Equal(2, play.State.Version);
    }

    /// <summary>Plays all shards of one training.</summary>
    private sealed class Play
    {
        public Play(int userShards, int itemShards, QualityRule? rule = null, SequenceOptions? sequence = null) =>
            Feed(new TrainingEvent.Started(Options, userShards, itemShards, rule, sequence));

        public TrainingState State { get; private set; } = new();

        public List<TrainingPhase> Phases { get; } = [];

        public List<TrainingCommand> Carried { get; } = [];

        public List<int> SweepsSaved { get; } = [];

        public int PublishCount { get; private set; }

        public void Feed(TrainingEvent happened)
        {
            var (next, commands) = TrainingMachine.Step(State, happened);
            if (next.Phase != State.Phase)
                Phases.Add(next.Phase);
            State = next;
            foreach (TrainingCommand command in commands)
            {
                Carried.Add(command);
                if (command is TrainingCommand.Save)
                    SweepsSaved.Add(State.Checkpoint);
                if (command is TrainingCommand.Publish)
                {
                    PublishCount++;
                    Feed(new TrainingEvent.Published());
                }
            }
        }

        public void RunTo(TrainingPhase phase, int sweep)
        {
            while (!State.IsOver && (State.Phase != phase || State.Sweep != sweep))
                FeedNext();
        }

        public void RunToEnd()
        {
            while (!State.IsOver)
                FeedNext();
        }

        public TrainingReport ReportOf(int shard)
        {
            bool users = TrainingMachine.IsUserPhase(State.Phase);
            int shards = users ? State.UserShards : State.ItemShards;
            int length = State.Phase == TrainingPhase.Freezing ? 2 : TrainingMachine.SumLength(Options);
            bool sums = State.Phase is TrainingPhase.Freezing or TrainingPhase.Starting or TrainingPhase.SolvingUsers or TrainingPhase.SolvingItems;
            BucketRange range = Buckets.OfShard(shard, shards);
            return new(State.Version, State.Attempt, State.Phase, State.Sweep, shard)
            {
                Rows = 5, Pairs = 12 / shards, Watermark = 100 + shard,
                Sums = sums ? BucketTree.Nodes(range, length, (_, into) => into.Fill(1)) : [],
                BucketHashes = [.. Enumerable.Range(0, range.Length).Select(b => new byte[32])],
            };
        }

        private void FeedNext() => Feed(new TrainingEvent.Reported(ReportOf(State.Reports.ToList().FindIndex(r => r is null))));
    }
}
