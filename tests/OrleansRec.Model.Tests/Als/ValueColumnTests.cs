namespace OrleansRec.Model.Tests;

/// <summary>Values come back bit for bit, whatever they are, and take no more than they must.</summary>
public sealed class ValueColumnTests
{
    private static float[] Read(ValueColumn column)
    {
        float[] buffer = [];
        var slice = column.Slice(0, column.Length, ref buffer).ToArray();
        Assert.Equal(slice, Enumerable.Range(0, column.Length).Select(i => column[i]));
        return slice;
    }

    private static ValueColumn Fill(float[] values)
    {
        var column = new ValueColumn(values.Length);
        for (int i = 0; i < values.Length; i++)
            column[i] = values[i];
        return column;
    }

    [Theory]
    [InlineData(1, 0), InlineData(2, 1), InlineData(256, 1), InlineData(257, 4)]
    public void Set_SoManyDifferentValues_TakesTheStatedBytesAPair(int different, int bytes)
    {
        float[] values = [.. Enumerable.Range(0, 20_000).Select(i => i % different * 0.37f - 3)];
        var column = Fill(values);
        Assert.Equal(values, Read(column));
        Assert.InRange(column.CapacityBytes, 20_000 * bytes, 20_000 * bytes + 4 * 256);
    }

    [Fact]
    public void Set_ZerosOfBothSigns_KeepsTheirSigns()
    {
        float[] values = [0f, -0f, 1, -0f];
        Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), Read(Fill(values)).Select(BitConverter.SingleToInt32Bits));
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(1000)]
    public void Sort_ColumnsInAnyOrder_TakesTheValuesAlong(int different)
    {
        var random = new Random(different);
        int[] columns = [.. Enumerable.Range(0, 500)];
        random.Shuffle(columns);
        float[] values = [.. Enumerable.Range(0, 600).Select(i => (float)random.Next(different))];
        var column = Fill(values);
        float[] expected = [.. columns.Zip(values[100..]).OrderBy(p => p.First).Select(p => p.Second)];
        column.Sort(columns, 100);
        Assert.Equal(values[..100], Read(column)[..100]);
        Assert.Equal(expected, Read(column)[100..]);
    }

    [Fact]
    public void Resize_ToMoreAndLess_KeepsWhatWasThere()
    {
        var column = Fill([1, 2, 3]);
        column.Resize(5);
        (column[3], column[4]) = (4, 5);
        column.Resize(4);
        Assert.Equal([1, 2, 3, 4], Read(column));
    }
}
