using System.Runtime.CompilerServices;

namespace OrleansRec.Model.Sequence.Kernels;

/// <content>The losses of one row of scores.</content>
internal sealed unsafe partial class NetworkKernels<TRung, T, V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double SoftmaxLoss(T* scores, int count, ref T positive, T weight)
    {
        int lanes = TRung.Lanes, j = 0;
        T most = T.Max(positive, TRung.Largest(LargestLanes(scores, count)));
        V largest = TRung.Broadcast(most), sum = default;
        for (; j + lanes <= count; j += lanes)
        {
            V e = TRung.Exp(TRung.Subtract(TRung.Load(scores + j), largest));
            TRung.Store(e, scores + j);
            sum = TRung.Add(sum, e);
        }
        if (j < count)
        {
            V e = TRung.Exp(TRung.Subtract(LoadPart(scores + j, count - j, T.NegativeInfinity), largest));
            StorePart(e, scores + j, count - j);
            sum = TRung.Add(sum, e);
        }
        T own = T.Exp(positive - most), total = own + TRung.Sum(sum);
        double loss = double.CreateTruncating(most) + Math.Log(double.CreateTruncating(total)) - double.CreateTruncating(positive);
        Scale(scores, count, weight / total);
        // Not own/total − 1, which loses all digits where the positive has nearly all of the weight.
        positive = -weight * (TRung.Sum(sum) / total);
        return loss;
    }

    // log(1 + e^z) = max(z, 0) + log(1 + e^−|z|), which does not overflow; σ(z) = 1 / (1 + e^−z).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double NegativeLoss(T* scores, int count, T weight)
    {
        int lanes = TRung.Lanes;
        V one = TRung.Broadcast(T.One), zero = default, factor = TRung.Broadcast(weight), sum = default;
        for (int j = 0; j < count; j += lanes)
        {
            bool isPart = j + lanes > count;
            V z = isPart ? LoadPart(scores + j, count - j, T.NegativeInfinity) : TRung.Load(scores + j);
            V size = TRung.Max(z, TRung.Subtract(zero, z));
            sum = TRung.Add(sum, TRung.Add(TRung.Max(z, zero), TRung.Log(TRung.Add(one, TRung.Exp(TRung.Subtract(zero, size))))));
            V gradient = TRung.Divide(factor, TRung.Add(one, TRung.Exp(TRung.Subtract(zero, z))));
            if (isPart)
                StorePart(gradient, scores + j, count - j);
            else
                TRung.Store(gradient, scores + j);
        }
        return double.CreateTruncating(TRung.Sum(sum));
    }

    private static void Scale(T* x, int count, T scale)
    {
        int lanes = TRung.Lanes, j = 0;
        V factor = TRung.Broadcast(scale);
        for (; j + lanes <= count; j += lanes)
            TRung.Store(TRung.Multiply(TRung.Load(x + j), factor), x + j);
        for (; j < count; j++)
            x[j] *= scale;
    }
}
