using OrleansRec.Contracts;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>
/// Goal: a change of what silos say to each other shows in review. Method: the list of it is checked in beside the contracts, and compared with what the
/// assemblies say. REC_WRITE_WIRE=1 writes it anew.
/// </summary>
public sealed class WireListTests
{
    private const string File = "wire.txt";

    [Fact]
    public void Contracts_AreWhatTheListSays()
    {
        string[] listed = System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, File)), actual = WireList.Write().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (Environment.GetEnvironmentVariable("REC_WRITE_WIRE") is not null)
            System.IO.File.WriteAllLines(GoldenWire.InSources("grains/OrleansRec.Contracts", File), listed = actual);

        // A line says little without its type, and the same line may be in two.
        string[] before = Qualified(listed), after = Qualified(actual);
        string[] difference = [.. before.Except(after).Select(l => "- " + l), .. after.Except(before).Select(l => "+ " + l)];
        Assert.True(difference.Length == 0, $"The wire has changed. Where old and new silos still understand each other, run the tests with REC_WRITE_WIRE=1:\n{string.Join('\n', difference)}");
    }

    [Fact]
    public void EveryTypeInterfaceAndMethod_HasAnAliasOfItsOwn()
    {
        Assert.All(WireList.Types, t => Assert.StartsWith("rec.", WireList.AliasOf(t) ?? "", StringComparison.Ordinal));
        Assert.All(WireList.Interfaces, t => Assert.StartsWith("rec.", WireList.AliasOf(t) ?? "", StringComparison.Ordinal));
        string?[] names = [.. WireList.Types.Concat(WireList.Interfaces).Select(WireList.AliasOf)];
        Assert.Equal(names.Length, names.Distinct().Count());
        foreach (Type grain in WireList.Interfaces)
        {
            string?[] methods = [.. grain.GetMethods().Select(WireList.AliasOf)];
            Assert.All(methods, Assert.NotNull);
            Assert.Equal(methods.Length, methods.Distinct().Count());
        }
    }

    [Fact]
    public void EveryMember_IsAPropertyThatTheListHolds() => Assert.All(WireList.Types, t => Assert.Empty(WireMember.SentFields(t)));

    /// <summary>A field for each float would cost 16 to 30 times as much time as bytes, and a chunk has to pass with everything that goes with it.</summary>
    [Fact]
    public void Factors_CrossAsBytesInChunksOfAtMostFourMegabytes()
    {
        Assert.Equal(typeof(byte[]), typeof(FactorChunk).GetProperty(nameof(FactorChunk.Factors))!.PropertyType);
        Assert.Equal(typeof(byte[]), typeof(ColumnChunk).GetProperty(nameof(ColumnChunk.Values))!.PropertyType);
        Assert.Equal(4 * 1024 * 1024, FactorChunk.BytesMax);
    }

    private static string[] Qualified(string[] lines)
    {
        string type = "";
        return [.. lines.Select(line => line.StartsWith(' ') ? $"{type}: {line.Trim()}" : type = line)];
    }
}
