using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Grains.Training;

/// <summary>Trains the sequence model of a version, epoch by epoch; a part of one item shard's work.</summary>
/// <remarks>
/// Each epoch begins where the checkpoint of the one before ended, in memory or in store. The histories are frozen by the training's watermarks and the rows by its attempt, so an epoch that is taken again stores the same bytes,
/// unless a user was erased meanwhile.
/// </remarks>
/// <param name="grains">To reach the shards.</param>
/// <param name="solver">Runs on the compute pool.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="options">Its bounds.</param>
internal sealed class SequenceWork(TenantGrains grains, SideSolver solver, ILogStore store, TrainingOptions options)
{
    private readonly VersionReader _reader = new(grains);
    private Held? _held;

    /// <summary>Takes an epoch and stores the model after it.</summary>
    /// <exception cref="TrainingFailedException">The training has diverged, or there is nothing to learn.</exception>
    public async Task<ShardEpoch> Learn(LearnCommand command, CancellationToken stop)
    {
        Held held = await Prepare(command, stop);
        // What is held is no longer what the last checkpoint says, until the epoch has ended well.
        _held = null;
        SequenceTrainer trainer = held.Trainer!;
        await solver.Run(trainer.Stages(), stop);
        if (trainer.LastEpoch.Failure is { } failure)
            throw new TrainingFailedException($"The sequence model: {failure}") { IsFinal = true };
        double ndcg = command.IsChoosing ? await Measure(held, stop) : double.NaN;
        SequenceBlob checkpoint = SequenceBlob.Checkpoint(command.Version, command.Attempt, held.Ids, trainer.State);
        await VersionStore.Write(store, LogStreams.SequenceCheckpoint(grains.Tenant, command.Version, command.Number), command.Number, SequenceCoding.Pieces(checkpoint), stop);
        _held = held with { Number = command.Number };
        return new(trainer.LastEpoch.Loss, ndcg);
    }

    /// <summary>Stores the model after the last epoch as that of the version, over the rows of the attempt: a user may have been erased since the epoch.</summary>
    public async Task Publish(long version, int attempt, CompanionCommand command, CancellationToken stop)
    {
        SequenceBlob last = await ReadCheckpoint(version, command.SequenceEpochs, stop);
        Forget();
        string[] ids = await _reader.Ids(version, attempt, command.ItemRows, stop);
        SequenceBlob model = SequenceBlob.Checkpoint(version, attempt, ids, last.ToState(ids)).Published(attempt);
        await VersionStore.Write(store, LogStreams.SequenceModel(grains.Tenant, version), attempt, SequenceCoding.Pieces(model), stop);
    }

    /// <summary>Lets go of what is in memory.</summary>
    public void Forget() => _held = null;

    private async Task<Held> Prepare(LearnCommand command, CancellationToken stop)
    {
        Held held = _held is { } kept && kept.Of == (command.Version, command.Attempt) ? kept : await Gather(command, stop);
        if (held.Trainer is not null && held.Number == command.Number - 1 && command.Epoch > 1)
            return held;
        SequenceRows rows = command.IsChoosing ? held.Corpus.Choosing : held.Corpus.All;
        SequenceTrainingState state = command.Epoch == 1
            ? SequenceTrainingState.Start(command.Source.Plan.ToSequence()!, held.Ids.Length)
            : (await ReadCheckpoint(command.Version, command.Number - 1, stop)).ToState(held.Ids);
        SequenceTrainer? trainer = null;
        await solver.Each(1, (_, _) => trainer = new(state, rows), stop);
        return held with { Trainer = trainer, Number = command.Number - 1 };
    }

    private async Task<Held> Gather(LearnCommand command, CancellationToken stop)
    {
        string[] ids = await _reader.Ids(command.Version, command.Attempt, command.Source.ItemRows, stop);
        if (ids.Length < 2)
            throw new TrainingFailedException($"A sequence model needs at least 2 items; there are {ids.Length}.") { IsFinal = true };
        var histories = await _reader.Histories(ids, command.Source, options.SequenceEventsMax, stop);
        SequenceCorpus? corpus = null;
        await solver.Each(1, (_, _) => corpus = SequenceCorpus.Of(histories, command.Source.Plan.HeldOut?.Share ?? 0, command.Source.Plan.Sequence!.Length), stop);
        if (!Enumerable.Range(0, corpus!.Choosing.Count).Any(user => corpus.Choosing.LengthOf(user) > 1))
            throw new TrainingFailedException("A sequence model needs a user with at least 2 items one after the other; there is none.") { IsFinal = true };
        return new((command.Version, command.Attempt), ids, corpus, null, 0);
    }

    private async Task<double> Measure(Held held, CancellationToken stop)
    {
        double ndcg = 0;
        await solver.Each(1, (_, _) => ndcg = SequenceLearner.NdcgOf(held.Trainer!.State.Parameters, held.Corpus, PartRunners.Inline), stop);
        return ndcg;
    }

    private async Task<SequenceBlob> ReadCheckpoint(long version, int number, CancellationToken stop)
    {
        LogSnapshot? kept = await store.ReadSnapshot(LogStreams.SequenceCheckpoint(grains.Tenant, version, number), stop);
        if (kept is null || kept.ThroughSequence != number)
            throw new TrainingFailedException($"There is no checkpoint of the sequence model of version {version} after epoch {number}.");
        SequenceBlob? read = null;
        await solver.Each(1, (_, _) => read = SequenceCoding.Read(kept.Content.Span), stop);
        return read!;
    }

    /// <summary>What is in memory between two epochs.</summary>
    /// <param name="Of">Version and attempt.</param>
    /// <param name="Ids">Ids of the rows.</param>
    /// <param name="Corpus">What is trained on.</param>
    /// <param name="Trainer">The course under way; null before it begins.</param>
    /// <param name="Number">The last epoch that is done, over both courses.</param>
    private sealed record Held((long Version, int Attempt) Of, string[] Ids, SequenceCorpus Corpus, SequenceTrainer? Trainer, int Number);
}
