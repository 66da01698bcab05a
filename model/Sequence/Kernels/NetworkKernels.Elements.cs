using System.Runtime.CompilerServices;

namespace OrleansRec.Model.Sequence.Kernels;

/// <content>Functions of single elements.</content>
internal abstract unsafe partial class NetworkKernels<T>
{
    /// <summary>z = σ(z), out = x + σ(z)·a.</summary>
    public abstract void Gate(T* z, T* a, T* x, T* output, int count);

    /// <summary>da = d·g and dz = d·a·g·(1 − g), with g = σ(z) as <see cref="Gate"/> left it; d is the gradient of its output.</summary>
    public abstract void GateBackward(T* d, T* a, T* g, T* da, T* dz, int count);

    /// <summary>s = u·σ(u)·w, the gated SiLU.</summary>
    public abstract void GatedSilu(T* u, T* w, T* s, int count);

    /// <summary>du = d·w·σ(u)·(1 + u·(1 − σ(u))) and dw = d·u·σ(u); du may be u and dw may be w.</summary>
    public abstract void GatedSiluBackward(T* d, T* u, T* w, T* du, T* dw, int count);

    /// <summary>s = u·σ(2·√(2/π)·(u + 0.044715·u³)), GELU in the form with tanh.</summary>
    public abstract void Gelu(T* u, T* s, int count);

    /// <summary>du = d times the derivative of <see cref="Gelu"/>; du may be u.</summary>
    public abstract void GeluBackward(T* d, T* u, T* du, int count);

    /// <summary>y = a + b.</summary>
    public abstract void Add(T* a, T* b, T* y, int count);

    /// <summary>y = e^x, to within 2 units in the last place; 0 for −∞.</summary>
    public abstract void Exp(T* x, T* y, int count);

    /// <summary>One step of <see cref="AdamStep"/>; the gradient becomes zero.</summary>
    public abstract void Adam(T* parameters, T* gradient, T* first, T* second, int count, in AdamStep step);
}

/// <summary>The factors of one step of AdamW: v is decayed, both moments move, and p −= rate·m / (√v·scale + ε).</summary>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Rate">Learning rate / (1 − β₁ᵗ).</param>
/// <param name="RootScale">1 / √(1 − β₂ᵗ).</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Keep">1 − learning rate · weight decay.</param>
/// <param name="GradientScale">Multiplies the gradient first: below 1 where it is clipped.</param>
internal readonly record struct AdamStep(double Beta1, double Beta2, double Rate, double RootScale, double Epsilon, double Keep, double GradientScale);

/// <content>The loops: whole vectors where the elements lie, the last few by way of the stack, with the same operations.</content>
internal sealed unsafe partial class NetworkKernels<TRung, T, V>
{
    private interface IElements
    {
        static abstract void Run(T* a, T* b, T* c, T* first, T* second);
    }

    public override void Gate(T* z, T* a, T* x, T* output, int count) => Each<GateOf>(z, a, x, output, z, count);

    public override void GateBackward(T* d, T* a, T* g, T* da, T* dz, int count) => Each<GateBackwardOf>(d, a, g, da, dz, count);

    public override void GatedSilu(T* u, T* w, T* s, int count) => Each<GatedSiluOf>(u, w, null, s, null, count);

    public override void GatedSiluBackward(T* d, T* u, T* w, T* du, T* dw, int count) => Each<GatedSiluBackwardOf>(d, u, w, du, dw, count);

    public override void Gelu(T* u, T* s, int count) => Each<GeluOf>(u, null, null, s, null, count);

    public override void GeluBackward(T* d, T* u, T* du, int count) => Each<GeluBackwardOf>(d, u, null, du, null, count);

    public override void Add(T* a, T* b, T* y, int count) => Each<SumOf>(a, b, null, y, null, count);

    public override void Exp(T* x, T* y, int count) => Each<ExpOf>(x, null, null, y, null, count);

    public override void Adam(T* parameters, T* gradient, T* first, T* second, int count, in AdamStep step)
    {
        int lanes = TRung.Lanes, whole = count / lanes * lanes;
        AdamLoop(parameters, gradient, first, second, whole, step);
        if (whole == count)
            return;
        T* rest = stackalloc T[4 * LanesMax];
        CopyFour(parameters + whole, gradient + whole, first + whole, second + whole, rest, count - whole, isBack: false);
        AdamLoop(rest, rest + LanesMax, rest + 2 * LanesMax, rest + 3 * LanesMax, lanes, step);
        CopyFour(parameters + whole, gradient + whole, first + whole, second + whole, rest, count - whole, isBack: true);
    }

    private static void CopyFour(T* a, T* b, T* c, T* d, T* rest, int count, bool isBack)
    {
        for (int n = 0; n < count; n++)
            if (isBack)
                (a[n], b[n], c[n], d[n]) = (rest[n], rest[LanesMax + n], rest[2 * LanesMax + n], rest[3 * LanesMax + n]);
            else
                (rest[n], rest[LanesMax + n], rest[2 * LanesMax + n], rest[3 * LanesMax + n]) = (a[n], b[n], c[n], d[n]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamLoop(T* parameters, T* gradient, T* first, T* second, int count, in AdamStep step)
    {
        int lanes = TRung.Lanes;
        V beta1 = Constant(step.Beta1), beta2 = Constant(step.Beta2), fresh1 = Constant(1 - step.Beta1), fresh2 = Constant(1 - step.Beta2);
        V rate = Constant(-step.Rate), rootScale = Constant(step.RootScale), epsilon = Constant(step.Epsilon), keep = Constant(step.Keep), scale = Constant(step.GradientScale);
        for (int i = 0; i < count; i += lanes)
        {
            V g = TRung.Multiply(TRung.Load(gradient + i), scale);
            V m = TRung.MultiplyAdd(beta1, TRung.Load(first + i), TRung.Multiply(fresh1, g));
            V v = TRung.MultiplyAdd(beta2, TRung.Load(second + i), TRung.Multiply(fresh2, TRung.Multiply(g, g)));
            TRung.Store(m, first + i);
            TRung.Store(v, second + i);
            V change = TRung.Divide(TRung.Multiply(rate, m), TRung.MultiplyAdd(TRung.Sqrt(v), rootScale, epsilon));
            TRung.Store(TRung.MultiplyAdd(keep, TRung.Load(parameters + i), change), parameters + i);
            TRung.Store(default, gradient + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Each<TElements>(T* a, T* b, T* c, T* first, T* second, int count)
        where TElements : struct, IElements
    {
        int lanes = TRung.Lanes, whole = count / lanes * lanes, rest = count - whole;
        for (int i = 0; i < whole; i += lanes)
            TElements.Run(a + i, b + i, c + i, first + i, second + i);
        if (rest == 0)
            return;
        T* part = stackalloc T[5 * LanesMax];
        new Span<T>(part, 5 * LanesMax).Clear();
        Copy(a + whole, part, rest);
        if (b is not null)
            Copy(b + whole, part + LanesMax, rest);
        if (c is not null)
            Copy(c + whole, part + 2 * LanesMax, rest);
        TElements.Run(part, part + LanesMax, part + 2 * LanesMax, part + 3 * LanesMax, part + 4 * LanesMax);
        Copy(part + 3 * LanesMax, first + whole, rest);
        if (second is not null)
            Copy(part + 4 * LanesMax, second + whole, rest);
    }

    private static void Copy(T* source, T* target, int count)
    {
        for (int n = 0; n < count; n++)
            target[n] = source[n];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Constant(double value) => TRung.Broadcast(T.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sigmoid(V z) => TRung.Divide(Constant(1), TRung.Add(Constant(1), TRung.Exp(TRung.Subtract(default, z))));

    private readonly struct SumOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* a, T* b, T* c, T* first, T* second) => TRung.Store(TRung.Add(TRung.Load(a), TRung.Load(b)), first);
    }

    private readonly struct ExpOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* a, T* b, T* c, T* first, T* second) => TRung.Store(TRung.Exp(TRung.Load(a)), first);
    }

    private readonly struct GateOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* z, T* a, T* x, T* output, T* gate)
        {
            V g = Sigmoid(TRung.Load(z));
            TRung.Store(TRung.MultiplyAdd(g, TRung.Load(a), TRung.Load(x)), output);
            TRung.Store(g, gate);
        }
    }

    private readonly struct GateBackwardOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* d, T* a, T* g, T* da, T* dz)
        {
            V gate = TRung.Load(g), through = TRung.Multiply(TRung.Load(d), gate), change = TRung.Multiply(through, TRung.Load(a));
            TRung.Store(through, da);
            TRung.Store(TRung.Multiply(change, TRung.Subtract(Constant(1), gate)), dz);
        }
    }

    private readonly struct GatedSiluOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* u, T* w, T* c, T* s, T* second)
        {
            V x = TRung.Load(u);
            TRung.Store(TRung.Multiply(TRung.Multiply(x, Sigmoid(x)), TRung.Load(w)), s);
        }
    }

    private readonly struct GatedSiluBackwardOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* d, T* u, T* w, T* du, T* dw)
        {
            V x = TRung.Load(u), s = Sigmoid(x), up = TRung.Multiply(TRung.Load(d), s), other = TRung.Load(w);
            V slope = TRung.MultiplyAdd(x, TRung.Subtract(Constant(1), s), Constant(1));
            TRung.Store(TRung.Multiply(TRung.Multiply(up, other), slope), du);
            TRung.Store(TRung.Multiply(up, x), dw);
        }
    }

    private readonly struct GeluOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* u, T* b, T* c, T* s, T* second)
        {
            V x = TRung.Load(u);
            TRung.Store(TRung.Multiply(x, Sigmoid(GeluBend.Inner(x))), s);
        }
    }

    private readonly struct GeluBackwardOf : IElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(T* d, T* u, T* c, T* du, T* second)
        {
            V x = TRung.Load(u), s = Sigmoid(GeluBend.Inner(x));
            V slope = TRung.MultiplyAdd(TRung.Multiply(TRung.Multiply(x, s), TRung.Subtract(Constant(1), s)), GeluBend.Slope(x), s);
            TRung.Store(TRung.Multiply(TRung.Load(d), slope), du);
        }
    }

    /// <summary>2·√(2/π)·(u + 0.044715·u³) and its derivative.</summary>
    private static class GeluBend
    {
        private const double Linear = 1.5957691216057308, Cubic = Linear * 0.044715;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Inner(V x) => TRung.Multiply(x, TRung.MultiplyAdd(TRung.Multiply(x, x), Constant(Cubic), Constant(Linear)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V x) => TRung.MultiplyAdd(TRung.Multiply(x, x), Constant(3 * Cubic), Constant(Linear));
    }
}
