using OrleansRec.Model.Sequence.Network;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>The negatives of a step: uniform ones from a counter, the next items of the batch, or the whole catalogue.</summary>
internal sealed class NegativeDraws
{
    private readonly SequenceOptions _options;
    private readonly int _itemCount;
    private readonly double[] _targetShare;

    /// <summary>Counts how often each item is a next item, which is how often it is drawn in a batch.</summary>
    public NegativeDraws(SequenceRows rows, SequenceOptions options)
    {
        (_options, _itemCount) = (options, rows.ItemCount);
        _targetShare = new double[rows.ItemCount];
        long total = 0;
        for (int user = 0; user < rows.Count; user++)
        {
            var items = rows[user];
            foreach (int item in items[Math.Min(items.Length, Math.Max(1, items.Length - options.Length))..])
            {
                _targetShare[item]++;
                total++;
            }
        }
        for (int item = 0; item < _targetShare.Length; item++)
            _targetShare[item] /= Math.Max(1, total);
    }

    private bool IsWhole => _options.Loss == SequenceLoss.FullSoftmax;

    /// <summary>Negatives of a step of at most this many rows.</summary>
    public int CountMax(int rowsMax) => IsWhole ? _itemCount : _options.UniformNegatives + (_options.InBatchNegatives ? rowsMax : 0);

    /// <summary>Draws for a batch whose sequences are there.</summary>
    public void Draw(PackedBatch batch, int epoch, int step)
    {
        int count = 0;
        if (IsWhole)
            for (; count < _itemCount; count++)
                batch.Candidates[count] = count;
        else
        {
            ulong key = CounterRandom.Key(_options.Seed, epoch, step, RandomUse.Negatives);
            for (; count < _options.UniformNegatives; count++)
                batch.Candidates[count] = CounterRandom.Below(CounterRandom.Bits(key, (ulong)count), _itemCount);
            if (_options.InBatchNegatives)
                for (int row = 0; row < batch.RowCount; row++)
                    batch.Candidates[count++] = batch.Targets[row];
        }
        batch.CandidateCount = count;
        if (_options is { LogQCorrection: true, Loss: SequenceLoss.SampledSoftmax })
            for (int c = 0; c < count; c++)
                batch.CandidateOffsets[c] = -Math.Log(ExpectedDraws(batch.Candidates[c], batch.RowCount));
    }

    /// <summary>q: how many of a step's negatives are expected to be this item.</summary>
    public double ExpectedDraws(int item, int rowCount) =>
        (double)_options.UniformNegatives / _itemCount + (_options.InBatchNegatives ? rowCount * _targetShare[item] : 0);
}
