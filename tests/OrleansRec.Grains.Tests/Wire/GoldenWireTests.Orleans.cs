using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>
/// Goal: a newer silo understands an older one, and an older one a newer. Method: bytes of Orleans' serializer, one value of every wire type, are kept:
/// golden-1.txt by this version; golden-newer.txt by a build of the same contracts in which types have a field more. Both are read, and give equal values.
/// </summary>
public sealed class GoldenWireTests
{
    private readonly Serializer serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void Read_OldBytesOfEveryType_GivesEqualValues()
    {
        if (Environment.GetEnvironmentVariable("REC_WRITE_WIRE") is not null)
            GoldenWire.Write(GoldenWire.InSources("tests/OrleansRec.Grains.Tests/Wire", "golden-1.txt"), WireList.Types.Select(t => (WireList.AliasOf(t)!, Bytes(WireSample.Of(t)))));
        Dictionary<string, byte[]> golden = GoldenWire.Read("golden-1.txt");
        foreach (Type type in WireList.Types)
        {
            // The alias is part of the bytes: a value is found by it alone.
            Assert.True(golden.TryGetValue(WireList.AliasOf(type)!, out byte[]? bytes), $"{WireList.AliasOf(type)} has no golden bytes; run the tests with REC_WRITE_WIRE=1");
            object? read = serializer.Deserialize<object>(bytes);
            Assert.Equal(type, read?.GetType());
            Assert.Equal(Describe(WireSample.Of(type)), Describe(read!));
        }
    }

    [Fact]
    public void Write_EveryType_GivesTheBytesThatWereKept()
    {
        Dictionary<string, byte[]> golden = GoldenWire.Read("golden-1.txt");
        Assert.Equal(golden.Keys.Order(StringComparer.Ordinal), WireList.Types.Select(t => WireList.AliasOf(t)!).Order(StringComparer.Ordinal));
        // What Orleans itself writes of an exception may change with its version; what it reads is the other test's.
        foreach (Type type in WireList.Types.Where(t => !t.IsAssignableTo(typeof(Exception))))
            Assert.Equal(golden[WireList.AliasOf(type)!], Bytes(WireSample.Of(type)));
    }

    private byte[] Bytes(object value) => serializer.SerializeToArray<object>(value);

    private static string Describe(object value) => value is Exception e
        ? $"{e.Message} {string.Join(", ", WireMember.Of(e.GetType()).Select(m => m.Property.GetValue(e)))}"
        : JsonSerializer.Serialize(value, value.GetType());
}
