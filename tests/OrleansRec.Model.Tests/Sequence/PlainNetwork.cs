using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Network;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>The model as docs/ALGORITHM.md writes it, in double, with plain loops and parameters by name: what the kernels' network is held against.</summary>
internal sealed class PlainNetwork(ParameterLayout layout, double[] parameters)
{
    private readonly SequenceOptions _options = layout.Options;

    /// <summary>Where dropout's random numbers come from; null is none.</summary>
    public (int Epoch, int Step)? DropoutAt { get; init; }

    /// <summary>The mean loss of a batch.</summary>
    public double Loss(PackedBatch batch)
    {
        double sum = 0;
        for (int s = 0; s < batch.SequenceCount; s++)
        {
            int first = batch.Starts[s], length = batch.Starts[s + 1] - first;
            double[][] states = Encode(batch.Items.AsSpan(first, length).ToArray(), first);
            for (int t = 0; t < length; t++)
                sum += RowLoss(batch, states[t], batch.Targets[first + t]);
        }
        return sum / batch.RowCount;
    }

    /// <summary>The state at each position of a history.</summary>
    public double[][] Encode(int[] items, int firstRow)
    {
        int d = _options.Width;
        double[][] x = [.. items.Select((item, t) => Vector(d, j => At("items", item * d + j) + At("positions", t * d + j)))];
        for (int t = 0; t < x.Length; t++)
            Drop(x[t], RandomUse.EmbeddingDropout, (long)(firstRow + t) * d);
        for (int b = 0; b < _options.Blocks; b++)
            x = Block(x, b, firstRow);
        return [.. x.Select(row => Normalise(row, "final"))];
    }

    private double[][] Block(double[][] x, int b, int firstRow)
    {
        string name = $"block{b}.";
        int d = _options.Width, f = _options.Hidden;
        double[][] qkv = [.. x.Select(row => Linear(Normalise(row, name + "norm1"), name + "qkv", 3 * d, hasBias: true))];
        double[][] heads = [.. x.Select(_ => new double[d])];
        for (int t = 0; t < x.Length; t++)
            for (int h = 0; h < _options.Heads; h++)
                Attend(qkv, heads[t], t, h, firstRow, RandomUse.AttentionDropout + 4 * b);
        var output = new double[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            int row = firstRow + t;
            double[] attended = Linear(heads[t], name + "out", d, hasBias: true);
            Drop(attended, RandomUse.AttentionOutputDropout + 4 * b, (long)row * d);
            double[] middle = AddBranch(x[t], attended, name + "gate1");
            double[] normal = Normalise(middle, name + "norm2"), hidden;
            if (_options.Block == SequenceBlock.Gated)
            {
                double[] up = Linear(normal, name + "up", 2 * f, hasBias: false);
                hidden = Vector(f, j => up[j] * Sigmoid(up[j]) * up[f + j]);
            }
            else
                hidden = [.. Linear(normal, name + "up", f, hasBias: true).Select(Gelu)];
            Drop(hidden, RandomUse.HiddenDropout + 4 * b, (long)row * f);
            double[] fed = Linear(hidden, name + "down", d, hasBias: _options.Block == SequenceBlock.Classic);
            Drop(fed, RandomUse.FeedForwardDropout + 4 * b, (long)row * d);
            output[t] = AddBranch(middle, fed, name + "gate2");
        }
        return output;
    }

    private void Attend(double[][] qkv, double[] heads, int t, int h, int firstRow, int use)
    {
        int d = _options.Width, w = d / _options.Heads, from = h * w;
        double[] weights = Vector(t + 1, j => Math.Exp(Enumerable.Range(from, w).Sum(i => qkv[t][i] * qkv[j][d + i]) / Math.Sqrt(w)));
        double total = weights.Sum();
        weights = [.. weights.Select(v => v / total)];
        Drop(weights, use, ((long)(firstRow + t) * _options.Heads + h) * _options.Length);
        for (int j = 0; j <= t; j++)
            for (int i = from; i < from + w; i++)
                heads[i] += weights[j] * qkv[j][2 * d + i];
    }

    private double RowLoss(PackedBatch batch, double[] state, int target)
    {
        int d = _options.Width;
        double Score(int item) => Enumerable.Range(0, d).Sum(j => state[j] * At("items", item * d + j));
        double positive = Score(target);
        double[] negatives = [.. Enumerable.Range(0, batch.CandidateCount)
            .Where(c => batch.Candidates[c] != target)
            .Select(c => Score(batch.Candidates[c]) + (_options is { LogQCorrection: true, Loss: SequenceLoss.SampledSoftmax } ? batch.CandidateOffsets[c] : 0))];
        if (_options.Loss != SequenceLoss.Gbce)
            return Math.Log(Math.Exp(positive) + negatives.Sum(Math.Exp)) - positive;
        double alpha = Math.Min(1, batch.CandidateCount / (layout.ItemCount - 1.0)), t = _options.Calibration, beta = alpha * (t * (1 - 1 / alpha) + 1 / alpha);
        return -(beta * Math.Log(Sigmoid(positive)) + negatives.Sum(z => Math.Log(1 - Sigmoid(z)))) / (batch.CandidateCount + 1);
    }

    private double[] AddBranch(double[] input, double[] branch, string gate)
    {
        if (_options.Block == SequenceBlock.Classic)
            return Vector(input.Length, j => input[j] + branch[j]);
        double[] z = Linear(input, gate, input.Length, hasBias: true);
        return Vector(input.Length, j => input[j] + Sigmoid(z[j]) * branch[j]);
    }

    private double[] Linear(double[] x, string name, int outputs, bool hasBias)
    {
        int weight = OffsetOf(name + ".weight");
        return Vector(outputs, j =>
        {
            double sum = hasBias ? At(name + ".bias", j) : 0;
            for (int i = 0; i < x.Length; i++)
                sum += x[i] * parameters[weight + i * outputs + j];
            return sum;
        });
    }

    private double[] Normalise(double[] x, string name)
    {
        double mean = x.Average(), scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        return Vector(x.Length, j => (x[j] - mean) * scale * At(name + ".gain", j) + At(name + ".shift", j));
    }

    private unsafe void Drop(double[] x, int use, long first)
    {
        if (DropoutAt is { } at)
            fixed (double* values = x)
                new Dropout<double>(_options.Dropout, _options.Seed, at.Epoch, at.Step).Apply(values, x.Length, use, first);
    }

    private double At(string name, int index) => parameters[OffsetOf(name) + index];

    private readonly Dictionary<string, int> _offsets = layout.Views.ToDictionary(v => v.Name, v => v.Offset);

    private int OffsetOf(string name) => _offsets[name];

    private static double[] Vector(int length, Func<int, double> at)
    {
        var x = new double[length];
        for (int i = 0; i < length; i++)
            x[i] = at(i);
        return x;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
}
