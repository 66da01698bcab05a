using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.TopKs;

/// <summary>Every rung finds the same rows of a block, at every number of groups, for one query and for four.</summary>
public sealed unsafe class CodeKernelTests
{
    public static TheoryData<string> Rungs => [.. CodeKernels.All.Select(k => k.Name).TakeUntil(KernelChild.Rung)];

    [Theory, MemberData(nameof(Rungs))]
    public void Find_EveryWidthTo130_FindsWhatWholeNumbersSay(string rung)
    {
        CodeKernels kernels = CodeKernels.All.Single(k => k.Name == rung);
        var random = new Random(7);
        for (int width = 1; width <= 130; width++)
        {
            int groups = ItemCodes.GroupsOf(width);
            var block = new AlignedBlock<byte>(groups * sizeof(int) * CodeKernels.BlockRows);
            foreach (ref byte code in block.Span)
                code = Extreme(random) switch { 0 => 1, 1 => 127, _ => (byte)random.Next(1, 128) };
            var queries = new sbyte[CodeKernels.QueriesTogether][];
            for (int q = 0; q < queries.Length; q++)
                queries[q] = [.. Enumerable.Range(0, groups * sizeof(int)).Select(_ => (sbyte)(Extreme(random) switch { 0 => -63, 1 => 63, _ => random.Next(-63, 64) }))];
            Check(kernels, block, groups, queries, random);
        }
    }

    private static int Extreme(Random random) => random.Next(4);

    private static void Check(CodeKernels kernels, AlignedBlock<byte> block, int groups, sbyte[][] queries, Random random)
    {
        var sums = Array.ConvertAll(queries, q => Enumerable.Range(0, CodeKernels.BlockRows).Select(row => Sum(block, groups, row, q)).ToArray());
        // The limit is one of the sums, so that a row which just reaches it is among them.
        int[] least = Array.ConvertAll(sums, s => s[random.Next(s.Length)]);
        ulong* one = stackalloc ulong[2];
        ulong* four = stackalloc ulong[2 * CodeKernels.QueriesTogether];
        int** all = stackalloc int*[CodeKernels.QueriesTogether];
        fixed (sbyte* a = queries[0], b = queries[1], c = queries[2], d = queries[3])
        fixed (int* limits = least)
        fixed (byte* codes = block)
        {
            all[0] = (int*)a;
            all[1] = (int*)b;
            all[2] = (int*)c;
            all[3] = (int*)d;
            kernels.FindOfFour(codes, groups, all, limits, four);
            for (int q = 0; q < queries.Length; q++)
            {
                kernels.Find(codes, groups, all[q], least[q], one);
                for (int row = 0; row < CodeKernels.BlockRows; row++)
                {
                    bool expected = sums[q][row] >= least[q];
                    Assert.Equal(expected, (one[row >> 6] >> row & 1) != 0);
                    Assert.Equal(expected, (four[2 * q + (row >> 6)] >> row & 1) != 0);
                }
            }
        }
    }

    private static int Sum(AlignedBlock<byte> block, int groups, int row, sbyte[] query)
    {
        int strip = row / CodeKernels.StripRows * groups * CodeKernels.GroupBytes, sum = 0;
        for (int j = 0; j < query.Length; j++)
            sum += block.Span[strip + j / 4 * CodeKernels.GroupBytes + row % CodeKernels.StripRows * 4 + j % 4] * query[j];
        return sum;
    }
}
