namespace OrleansRec.Model;

/// <summary>A query in whole numbers, and what bounds the distance between its products and those of the floats (docs/ALGORITHM.md, "Finding the best").</summary>
/// <param name="Scale">t: a code times this is about the float.</param>
/// <param name="Norm">|q|, rounded up.</param>
/// <param name="Error">|q − t·d|, rounded up.</param>
/// <param name="Shift">What the items' codes, which are shifted by <see cref="ItemCodes.Zero"/>, add to every sum.</param>
internal readonly record struct QueryCode(double Scale, double Norm, double Error, int Shift)
{
    /// <summary>Codes of a query lie in −63 … 63.</summary>
    public const int Reach = 63;

    /// <summary>Writes a query's codes, four to an int; false where its size leaves no room for bounds: nothing but zeros, or too near to what float holds.</summary>
    public static bool TryMake(ReadOnlySpan<float> query, Span<int> codes, out QueryCode made)
    {
        made = default;
        double largest = 0, squares = 0;
        foreach (float q in query)
        {
            largest = Math.Max(largest, Math.Abs(q));
            squares += (double)q * q;
        }
        // The negated form also refuses NaN.
        if (!(largest >= ItemCodes.SmallestSize && largest <= ItemCodes.LargestSize))
            return false;
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(codes);
        bytes.Clear();
        double scale = largest / Reach, errors = 0;
        int sum = 0;
        for (int j = 0; j < query.Length; j++)
        {
            int code = (int)Math.Round(query[j] / scale);
            double error = query[j] - scale * code;
            errors += error * error;
            sum += code;
            bytes[j] = (byte)(sbyte)code;
        }
        made = new(scale, ItemCodes.RoundUp(Math.Sqrt(squares)), ItemCodes.RoundUp(Math.Sqrt(errors)), ItemCodes.Zero * sum);
        return true;
    }

    /// <summary>Whether a row of a block can have a product of so much, by the lengths of the two.</summary>
    public bool CanReach(double product, in BlockBound bound, int width) => product <= Norm * bound.Norm * (1 + Rounding(width)) + Underflow;

    /// <summary>What the sum of codes of a row must reach if its product is to; <see cref="int.MinValue"/> where every sum does.</summary>
    public int Least(double product, in BlockBound bound, int width)
    {
        double apart = Norm * (bound.Error + Rounding(width) * bound.Norm) + Error * (bound.Norm + bound.Error) + Underflow;
        double sum = Math.Floor((product - apart) / (Scale * bound.Scale)) + Shift;
        return sum <= int.MinValue ? int.MinValue : sum >= int.MaxValue ? int.MaxValue : (int)sum;
    }

    /// <summary>γ: a product of floats differs from the exact one by no more than this times |q||y|, in whatever order it is summed.</summary>
    private static double Rounding(int width) => (width + 8) * 6e-8;

    /// <summary>More than all that underflow can take from a product or its bounds.</summary>
    private const double Underflow = 1e-37;
}
