using System.Numerics;
using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>Causal attention of one head over one sequence.</summary>
/// <remarks>A position is one query against the keys up to its own, so a position's bits do not depend on those after it.</remarks>
internal static unsafe class Attention<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>1/√(d/H).</summary>
    public static T ScaleOf(int headWidth) => T.One / T.Sqrt(T.CreateTruncating(headWidth));

    /// <summary>One position: weights = softmax(q·k/√w) over <paramref name="count"/> keys, output = Σ weights·v.</summary>
    public static void Attend(NetworkKernels<T> kernels, T* query, T* keys, T* values, nint stride, int count, int headWidth, T* weights, T* output)
    {
        kernels.Dots(query, keys, stride, count, headWidth, weights);
        kernels.Softmax(weights, count, ScaleOf(headWidth));
        kernels.Combine(weights, values, stride, count, headWidth, output);
    }

    /// <summary>All positions of a sequence, with dropout of the weights.</summary>
    /// <param name="call">Kernels, widths and dropout.</param>
    /// <param name="qkv">Rows of the sequence at this head, shape (length, ·) with stride 3d.</param>
    /// <param name="weights">Takes the weights before dropout: row t at t·length, t + 1 of them.</param>
    /// <param name="output">Rows of the sequence at this head, with stride d.</param>
    /// <param name="dropped">Room for one row of weights.</param>
    public static void Forward(in AttentionCall<T> call, T* qkv, T* weights, T* output, T* dropped)
    {
        nint stride = 3 * call.Width;
        T* keys = qkv + call.Width, values = qkv + 2 * call.Width;
        for (int t = 0; t < call.Length; t++, weights += call.Length)
        {
            call.Kernels.Dots(qkv + t * stride, keys, stride, t + 1, call.HeadWidth, weights);
            call.Kernels.Softmax(weights, t + 1, ScaleOf(call.HeadWidth));
            call.Kernels.Combine(call.Drop(weights, t, dropped), values, stride, t + 1, call.HeadWidth, output + t * (nint)call.Width);
        }
    }

    /// <summary>Adds the gradients of queries, keys and values.</summary>
    /// <param name="call">As forward.</param>
    /// <param name="qkv">As forward.</param>
    /// <param name="weights">What forward left.</param>
    /// <param name="dOutput">Gradient of the output, with stride d.</param>
    /// <param name="dQkv">Takes the gradients, with stride 3d; zero at first.</param>
    /// <param name="scratch">Room for two rows of weights.</param>
    public static void Backward(in AttentionCall<T> call, T* qkv, T* weights, T* dOutput, T* dQkv, T* scratch)
    {
        nint stride = 3 * call.Width;
        int w = call.HeadWidth;
        T* dropped = scratch, ds = scratch + call.Length;
        T* keys = qkv + call.Width, values = qkv + 2 * call.Width, dKeys = dQkv + call.Width, dValues = dQkv + 2 * call.Width;
        T scale = ScaleOf(w);
        for (int t = 0; t < call.Length; t++, weights += call.Length, dOutput += call.Width)
        {
            int count = t + 1;
            call.Kernels.AddOuter(call.Drop(weights, t, dropped), dOutput, count, w, dValues, stride);
            call.Kernels.Dots(dOutput, values, stride, count, w, ds);
            call.Dropout.Apply(ds, count, call.Use, call.First + t * (long)call.Stride);
            SoftmaxBackward(weights, ds, count, scale);
            call.Kernels.Combine(ds, keys, stride, count, w, dQkv + t * stride);
            call.Kernels.AddOuter(ds, qkv + t * stride, count, w, dKeys, stride);
        }
    }

    // ds = p·(dp − Σ p·dp)·scale.
    private static void SoftmaxBackward(T* p, T* d, int count, T scale)
    {
        T sum = T.Zero;
        for (int j = 0; j < count; j++)
            sum += p[j] * d[j];
        for (int j = 0; j < count; j++)
            d[j] = p[j] * (d[j] - sum) * scale;
    }
}

/// <summary>What attention over one sequence and head needs besides its rows.</summary>
internal unsafe ref struct AttentionCall<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public NetworkKernels<T> Kernels;

    /// <summary>Positions.</summary>
    public int Length;

    /// <summary>d.</summary>
    public int Width;

    /// <summary>d/H.</summary>
    public int HeadWidth;

    public Dropout<T> Dropout;

    /// <summary>The use of random numbers.</summary>
    public int Use;

    /// <summary>The number of this sequence's and head's first weight within the use.</summary>
    public long First;

    /// <summary>Numbers from one position's weights to the next one's.</summary>
    public int Stride;

    /// <summary>The weights of a position after dropout; the weights themselves where there is none.</summary>
    public readonly T* Drop(T* weights, int position, T* room)
    {
        if (!Dropout.IsOn)
            return weights;
        new ReadOnlySpan<T>(weights, position + 1).CopyTo(new Span<T>(room, position + 1));
        Dropout.Apply(room, position + 1, Use, First + position * (long)Stride);
        return room;
    }
}
