using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>AdamW with the semantics of PyTorch's torch.optim.AdamW, a linear warm-up and an optional largest gradient norm.</summary>
/// <remarks>
/// With t the step from 1, η = rate·min(1, t/warm-up): p ← p·(1 − η·decay) − η/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε), m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g² (Loshchilov and Hutter 2019, algorithm 2).
/// Elements are independent, so pieces may run on any threads.
/// </remarks>
internal sealed unsafe class AdamW
{
    private const int PieceLength = 1 << 15;
    private readonly SequenceOptions _options;
    private readonly (int Offset, int Length, bool Decays)[] _pieces;
    private AdamStep _decaying, _plain;

    public AdamW(ParameterLayout layout)
    {
        _options = layout.Options;
        var pieces = new List<(int, int, bool)>();
        foreach (var view in layout.Views)
            for (int from = 0; from < view.Length; from += PieceLength)
                pieces.Add((view.Offset + from, Math.Min(PieceLength, view.Length - from), view.Decays));
        _pieces = [.. pieces];
    }

    public int PieceCount => _pieces.Length;

    /// <summary>Sets the factors of a step.</summary>
    /// <param name="t">The step, from 1.</param>
    /// <param name="gradient">The gradient; read where there is a largest norm.</param>
    public void Begin(long t, ReadOnlySpan<float> gradient)
    {
        double rate = _options.LearningRate * (_options.WarmUpSteps == 0 ? 1 : Math.Min(1, (double)t / _options.WarmUpSteps));
        _plain = new(
            _options.Beta1, _options.Beta2, rate / (1 - Math.Pow(_options.Beta1, t)), 1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, t)), _options.Epsilon, Keep: 1, ScaleOf(gradient));
        _decaying = _plain with { Keep = 1 - rate * _options.WeightDecay };
    }

    /// <summary>Takes the step of one piece; its gradient becomes zero.</summary>
    public void RunPiece(int piece, SequenceTrainingState state, float[] gradient)
    {
        var (offset, length, decays) = _pieces[piece];
        fixed (float* p = state.Parameters.Values, g = gradient, m = state.First, v = state.Second)
            NetworkKernels<float>.Chosen.Adam(p + offset, g + offset, m + offset, v + offset, length, decays ? _decaying : _plain);
    }

    // As torch.nn.utils.clip_grad_norm_: 10⁻⁶ keeps the quotient finite.
    private double ScaleOf(ReadOnlySpan<float> gradient) =>
        _options.GradientNormMax is { } most ? Math.Min(1, most / (Math.Sqrt(WideDot.Of(gradient, gradient)) + 1e-6)) : 1;
}
