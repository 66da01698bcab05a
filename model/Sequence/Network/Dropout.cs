using System.Numerics;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>Sets a share of elements to zero and divides the rest by what is left; the same elements forward and backward, whatever part or thread they are met in.</summary>
/// <remarks>Element e of a use takes 16 of the 64 bits at counter ⌊e/4⌋, and is dropped where they are below the share times 2¹⁶.</remarks>
internal readonly unsafe struct Dropout<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _seed, _epoch, _step;
    private readonly uint _threshold;
    private readonly T _scale;

    public Dropout(double share, int seed, int epoch, int step)
    {
        (_seed, _epoch, _step) = (seed, epoch, step);
        _threshold = (uint)Math.Round(share * 65536);
        _scale = T.CreateTruncating(65536.0 / (65536 - _threshold));
    }

    public bool IsOn => _threshold > 0;

    public ulong KeyOf(int use) => CounterRandom.Key(_seed, _epoch, _step, use);

    /// <summary>Multiplies elements by 0 or by 1/(1 − share).</summary>
    /// <param name="x">Elements.</param>
    /// <param name="count">How many.</param>
    /// <param name="use">One of <see cref="RandomUse"/>, with the block's number.</param>
    /// <param name="first">The number of the first element within the use.</param>
    public void Apply(T* x, int count, int use, long first)
    {
        if (!IsOn)
            return;
        ulong key = KeyOf(use), bits = 0;
        for (int i = 0; i < count; i++)
        {
            ulong element = (ulong)first + (ulong)i;
            int quarter = (int)(element & 3);
            if (quarter == 0 || i == 0)
                bits = CounterRandom.Bits(key, element >> 2);
            x[i] *= (uint)(bits >> (16 * quarter) & 0xFFFF) < _threshold ? T.Zero : _scale;
        }
    }
}
