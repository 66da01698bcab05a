using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>
/// Goal: silos of this version understand those of every version before. Method: one value of every wire type is kept as each version wrote it by Orleans'
/// serializer. golden-1.txt and golden-2.txt are of versions before some types had a field more; golden-3.txt is of this one. REC_WRITE_WIRE=1 writes the latest anew.
/// </summary>
public sealed class GoldenWireTests
{
    private const string Latest = "golden-3.txt";

    private readonly Serializer serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Theory, InlineData("golden-1.txt"), InlineData("golden-2.txt"), InlineData(Latest)]
    public void Read_BytesOfAVersion_GivesTheValuesThatItWrote(string file)
    {
        foreach (GoldenWire golden in GoldenWire.Read(file))
        {
            // The alias is part of the bytes: the type is found by it alone.
            object? read = serializer.Deserialize<object>(golden.Bytes);
            Assert.Equal(golden.Alias, WireList.AliasOf(read!.GetType()));
            JsonNode actual = JsonNode.Parse(WireContent.Of(read))!;
            // Members that came later have their default, whatever that is; those that were there have what was written.
            AssertHolds(JsonNode.Parse(golden.Content)!, actual, golden.Alias);
        }
    }

    [Fact]
    public void Write_EveryType_GivesTheBytesThatWereKept()
    {
        if (Environment.GetEnvironmentVariable("REC_WRITE_WIRE") is not null)
            GoldenWire.Write(GoldenWire.InSources("tests/OrleansRec.Grains.Tests/Wire", Latest), WireList.Types.Select(Sample));
        Dictionary<string, GoldenWire> golden = GoldenWire.Read(Latest).ToDictionary(g => g.Alias);
        Assert.Equal(golden.Keys.Order(StringComparer.Ordinal), WireList.Types.Select(t => WireList.AliasOf(t)!).Order(StringComparer.Ordinal));
        // What Orleans itself writes of an exception may change with its version; what it reads is the other test's.
        foreach (GoldenWire now in WireList.Types.Where(t => !t.IsAssignableTo(typeof(Exception))).Select(Sample))
            Assert.Equal((now.Alias, Convert.ToBase64String(golden[now.Alias].Bytes)), (now.Alias, Convert.ToBase64String(now.Bytes)));
    }

    private GoldenWire Sample(Type type)
    {
        object value = WireSample.Of(type);
        return new(WireList.AliasOf(type)!, serializer.SerializeToArray<object>(value), WireContent.Of(value));
    }

    private static void AssertHolds(JsonNode expected, JsonNode? actual, string where)
    {
        if (expected is JsonObject members && actual is JsonObject found)
            foreach (var (name, value) in members)
                Compare(value, found[name], $"{where}.{name}");
        else if (expected is JsonArray items && actual is JsonArray array && items.Count == array.Count)
            for (int i = 0; i < items.Count; i++)
                Compare(items[i], array[i], $"{where}[{i}]");
        else
            Assert.Equal($"{where} {expected.ToJsonString()}", $"{where} {actual?.ToJsonString()}");
    }

    private static void Compare(JsonNode? expected, JsonNode? actual, string where)
    {
        if (expected is null)
            Assert.True(actual is null, $"{where}: expected nothing");
        else
            AssertHolds(expected, actual, where);
    }
}
