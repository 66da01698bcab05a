using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>A model in store is read as it was written, any other bytes are refused, and a checkpoint follows its items to other rows.</summary>
public sealed class SequenceCodingTests
{
    private const int ItemCount = 6;

    private static readonly string[] Ids = PlantedSequences.Ids(ItemCount);

    [Fact]
    public void Read_WhatWasWritten_IsTheSameWithAndWithoutMoments()
    {
        SequenceBlob written = Checkpoint();
        SequenceBlob read = SequenceCoding.Read(PlantedSequences.Bytes(written));
        Assert.Equal((7L, 3, 1, written.Step, written.Rung), (read.Version, read.Attempt, read.Epoch, read.Step, read.Rung));
        Assert.Equal(Ids, read.ItemIds);
        Assert.Equal(written.Parameters.Layout.Options, read.Parameters.Layout.Options);
        Assert.Equal(written.Parameters.Values, read.Parameters.Values);
        Assert.Equal(written.Moments!.Value.First, read.Moments!.Value.First);
        Assert.Equal(written.Moments!.Value.Second, read.Moments!.Value.Second);

        SequenceBlob published = SequenceCoding.Read(PlantedSequences.Bytes(written.Published(attempt: 4)));
        Assert.Null(published.Moments);
        Assert.Equal(4, published.Attempt);
        Assert.Equal(written.Parameters.Values, published.Parameters.Values);
        Assert.Throws<InvalidOperationException>(() => published.ToState(Ids));
    }

    [Fact]
    public void Read_AnyByteChangedOrTheEndMissing_IsRefused()
    {
        byte[] bytes = PlantedSequences.Bytes(Checkpoint());
        for (int at = 0; at < bytes.Length; at += 1 + at / 30)
        {
            bytes[at] ^= 0x10;
            Assert.Throws<CorruptLogException>(() => SequenceCoding.Read(bytes));
            Assert.Throws<CorruptLogException>(() => SequenceCoding.Read(bytes.AsSpan(0, at)));
            bytes[at] ^= 0x10;
        }
        Assert.Equal(1, SequenceCoding.Read(bytes).Epoch);
    }

    [Fact]
    public void ToState_OtherItems_TakesTheirRowsAndStartsTheNewOnes()
    {
        SequenceBlob checkpoint = Checkpoint();
        string[] ids = [Ids[4], "another item", Ids[1]];
        SequenceTrainingState state = checkpoint.ToState(ids);
        var start = SequenceParameters.Start(checkpoint.Parameters.Layout.Options, 3);
        Assert.Equal(Row(checkpoint.Parameters, 4), Row(state.Parameters, 0));
        Assert.Equal(Row(checkpoint.Parameters, 1), Row(state.Parameters, 2));
        Assert.Equal(Row(start, 1), Row(state.Parameters, 1));
        Assert.Equal(checkpoint.Parameters.View("block0.up.weight").ToArray(), state.Parameters.View("block0.up.weight").ToArray());
        Assert.Equal((checkpoint.Epoch, checkpoint.Step), (state.Epoch, state.Step));
        int first = state.Parameters.Layout.NetworkLength, width = state.Options.Width;
        Assert.All(state.First.AsSpan(first + width, width).ToArray(), m => Assert.Equal(0, m));
        Assert.Contains(state.First.AsSpan(first, width).ToArray(), m => m != 0);
    }

    [Fact]
    public void FaultUnder_AnotherAttemptOrOtherItems_IsTold()
    {
        SequenceBlob model = Checkpoint().Published(attempt: 2);
        Assert.Null(model.FaultUnder(7, 2, Ids));
        Assert.Contains("attempt 2", model.FaultUnder(7, 3, Ids), StringComparison.Ordinal);
        Assert.Contains("items", model.FaultUnder(7, 2, Ids.AsSpan(1)), StringComparison.Ordinal);
    }

    private static SequenceBlob Checkpoint()
    {
        var state = SequenceTrainingState.Start(PlantedSequences.Options(SequenceBlock.Gated, SequenceLoss.FullSoftmax), ItemCount);
        new SequenceTrainer(state, PlantedSequences.Random(users: 40, ItemCount, lengthMax: 9, seed: 2)).RunEpoch();
        return SequenceBlob.Checkpoint(7, 3, Ids, state);
    }

    private static float[] Row(SequenceParameters parameters, int item) =>
        parameters.Items.Slice(item * parameters.Layout.Options.Width, parameters.Layout.Options.Width).ToArray();
}
