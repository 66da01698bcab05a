using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;

namespace OrleansRec.Model.Algebra;

/// <summary>Solves A·X = B for a large dense positive definite A, in double: A = L·Lᵀ, in place.</summary>
/// <remarks>
/// For matrices of thousands of rows, where the managed factorisation of MathNet takes minutes: blocks of <see cref="PanelWidth"/> columns stay in the cache, and right-hand sides are solved
/// <see cref="ColumnsAtOnce"/> at a time, so L passes once for all of them. Cost n³/3 operations to factorise, 2n² for each right-hand side. Backward error about n·2⁻⁵³ of |A|
/// (Higham 2002, theorem 10.3). The result does not depend on the number of workers.
/// </remarks>
public sealed class SymmetricSolver
{
    /// <summary>The largest n: a matrix of half a gigabyte.</summary>
    public const int RowsMax = 8_192;

    /// <summary>Right-hand sides of one <see cref="Solve"/>.</summary>
    public const int ColumnsAtOnce = 16;

    private const int PanelWidth = 64;
    private readonly double[] _a;
    private readonly int _n;

    private SymmetricSolver(double[] a, int n) => (_a, _n) = (a, n);

    /// <summary>n.</summary>
    public int RowCount => _n;

    /// <summary>Factorises a matrix, which it overwrites.</summary>
    /// <param name="a">A, row-major, shape (n, n); only its lower triangle is read.</param>
    /// <param name="n">1 … <see cref="RowsMax"/>.</param>
    /// <param name="workers">Threads, ≥ 1.</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    /// <exception cref="ArithmeticException">The matrix is not positive definite; names the row.</exception>
    public static SymmetricSolver Factorise(double[] a, int n, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, RowsMax);
        if (a.Length != (long)n * n)
            throw new ArgumentException($"A matrix of {n} rows holds {(long)n * n} numbers; got {a.Length}.", nameof(a));
        var panel = new double[n * PanelWidth];
        for (int k = 0; k < n; k += PanelWidth)
        {
            int end = Math.Min(n, k + PanelWidth);
            FactoriseColumns(a, n, k, end);
            Pack(a, n, k, end, panel);
            PieceWork.Run((n - end + PanelWidth - 1) / PanelWidth, workers, (piece, _) =>
                Update(a, n, end, end + piece * PanelWidth, Math.Min(n, end + (piece + 1) * PanelWidth), panel));
        }
        return new(a, n);
    }

    /// <summary>Solves for <see cref="ColumnsAtOnce"/> right-hand sides at once.</summary>
    /// <param name="x">B, overwritten by X: row-major, shape (n, <see cref="ColumnsAtOnce"/>).</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public void Solve(Span<double> x)
    {
        if (x.Length != _n * ColumnsAtOnce)
            throw new ArgumentException($"{_n} rows of {ColumnsAtOnce} hold {_n * ColumnsAtOnce} numbers; got {x.Length}.", nameof(x));
        var rows = MemoryMarshal.Cast<double, Row16>(x);
        for (int i = 0; i < _n; i++)
        {
            var l = _a.AsSpan(i * _n, i + 1);
            var sum = rows[i];
            for (int j = 0; j < i; j++)
                sum = sum.Minus(l[j], rows[j]);
            rows[i] = sum.Times(1 / l[i]);
        }
        for (int i = _n - 1; i >= 0; i--)
        {
            var l = _a.AsSpan(i * _n, i + 1);
            var solved = rows[i].Times(1 / l[i]);
            rows[i] = solved;
            for (int j = 0; j < i; j++)
                rows[j] = rows[j].Minus(l[j], solved);
        }
    }

    /// <summary>Columns k up to end of L, for all rows from k on.</summary>
    private static void FactoriseColumns(double[] a, int n, int k, int end)
    {
        for (int i = k; i < n; i++)
        {
            var row = a.AsSpan(i * n, n);
            for (int j = k; j < Math.Min(end, i + 1); j++)
            {
                double sum = row[j];
                var other = a.AsSpan(j * n, n);
                for (int m = k; m < j; m++)
                    sum -= row[m] * other[m];
                if (j < i)
                    row[j] = sum / other[j];
                else if (sum > 0)
                    row[j] = Math.Sqrt(sum);
                else
                    throw new ArithmeticException($"The matrix is not positive definite at row {j}.");
            }
        }
    }

    /// <summary>The panel below its diagonal block, row by row, padded with zeros: rows of the matrix lie a power of two apart, which the cache does not like.</summary>
    private static void Pack(double[] a, int n, int k, int end, double[] panel)
    {
        for (int i = end; i < n; i++)
        {
            var into = panel.AsSpan((i - end) * PanelWidth, PanelWidth);
            a.AsSpan(i * n + k, end - k).CopyTo(into);
            into[(end - k)..].Clear();
        }
    }

    /// <summary>Takes the panel's product with itself from rows first up to last, left of and on the diagonal.</summary>
    private static void Update(double[] a, int n, int start, int first, int last, double[] panel)
    {
        for (int j = start; j < last; j += 4)
            for (int i = Math.Max(first, j); i < last; i++)
                Take4(panel.AsSpan((i - start) * PanelWidth, PanelWidth), panel.AsSpan((j - start) * PanelWidth), a.AsSpan(i * n + j, Math.Min(4, i - j + 1)));
    }

    /// <summary>Takes the products of one row with up to four others from as many entries.</summary>
    private static void Take4(ReadOnlySpan<double> row, ReadOnlySpan<double> others, Span<double> into)
    {
        var v = MemoryMarshal.Cast<double, Vector256<double>>(row);
        int count = into.Length;
        var w0 = MemoryMarshal.Cast<double, Vector256<double>>(others[..PanelWidth]);
        var w1 = count > 1 ? MemoryMarshal.Cast<double, Vector256<double>>(others.Slice(PanelWidth, PanelWidth)) : w0;
        var w2 = count > 2 ? MemoryMarshal.Cast<double, Vector256<double>>(others.Slice(2 * PanelWidth, PanelWidth)) : w0;
        var w3 = count > 3 ? MemoryMarshal.Cast<double, Vector256<double>>(others.Slice(3 * PanelWidth, PanelWidth)) : w0;
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int m = 0; m < v.Length; m++)
        {
            s0 += v[m] * w0[m];
            s1 += v[m] * w1[m];
            s2 += v[m] * w2[m];
            s3 += v[m] * w3[m];
        }
        into[0] -= Vector256.Sum(s0);
        if (count > 1)
            into[1] -= Vector256.Sum(s1);
        if (count > 2)
            into[2] -= Vector256.Sum(s2);
        if (count > 3)
            into[3] -= Vector256.Sum(s3);
    }

    /// <summary>Sixteen right-hand sides of one row.</summary>
    private struct Row16
    {
        private Vector256<double> _a, _b, _c, _d;

        public readonly Row16 Minus(double factor, in Row16 other)
        {
            var f = Vector256.Create(factor);
            return new() { _a = _a - f * other._a, _b = _b - f * other._b, _c = _c - f * other._c, _d = _d - f * other._d };
        }

        public readonly Row16 Times(double factor) => new() { _a = _a * factor, _b = _b * factor, _c = _c * factor, _d = _d * factor };
    }
}
