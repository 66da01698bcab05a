using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Wire;

namespace OrleansRec.Cluster.Tests.Upgrade;

/// <summary>Goal: an older silo understands today's. Method: the contracts of Older/ read what golden-3.txt holds, and write what golden-1.txt holds.</summary>
public sealed class OlderWireTests
{
    private static readonly Lazy<OlderWire> older = new();

    private readonly Serializer today = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    /// <summary>So what stands in for the older silo is one: it says each type as it was said then, to the byte.</summary>
    [Fact]
    public void Write_WhatAnOlderVersionWrote_GivesTheSameBytes()
    {
        Dictionary<string, byte[]> before = Sent("golden-2.txt").ToDictionary(g => g.Alias, g => g.Bytes);
        // Types that have grown since golden-2.txt have no older form in Older/: what it says of them is today's, and is compared by what it holds.
        HashSet<string> grown = [.. Sent("golden-3.txt").Where(g => before.TryGetValue(g.Alias, out byte[]? bytes) && !bytes.AsSpan().SequenceEqual(g.Bytes)).Select(g => g.Alias)];
        Assert.True(grown.Count < before.Count / 2, $"{grown.Count} of {before.Count} types have grown.");
        // The status also lacks its silo, which is older than that file.
        foreach (GoldenWire golden in Sent("golden-1.txt").Where(g => g.Alias != "rec.training-status"))
            if (grown.Contains(golden.Alias))
                Assert.Equal(
                    (golden.Alias, WireContent.Of(today.Deserialize<object>(golden.Bytes)!)),
                    (golden.Alias, WireContent.Of(today.Deserialize<object>(older.Value.Write(older.Value.Read(golden.Bytes)))!)));
            else
                Assert.Equal((golden.Alias, Convert.ToBase64String(golden.Bytes)), (golden.Alias, Convert.ToBase64String(older.Value.Write(older.Value.Read(golden.Bytes)))));
    }

    [Fact]
    public void Read_WhatTodaysVersionWrites_IgnoresTheFieldsThatCameLater()
    {
        foreach (GoldenWire golden in Sent("golden-3.txt"))
        {
            object read = older.Value.Read(golden.Bytes);
            Assert.NotEqual(typeof(EventRecord).Assembly, read.GetType().Assembly);
            // What the older silo then says to today's holds all but those fields.
            object back = today.Deserialize<object>(older.Value.Write(read))!;
            Assert.Equal(Without(today.Deserialize<object>(golden.Bytes)!), WireContent.Of(back));
        }
    }

    [Fact]
    public void Read_AReportOfToday_LeavesTheQualityAtItsDefault()
    {
        var report = new ShardReport(1, 2, default, 3, 4, 5, 6, 7, [], [], "reason", true, new(1, 2, 3, 4, 5));
        object read = older.Value.Read(today.SerializeToArray<object>(report));
        Assert.Null(read.GetType().GetProperty(nameof(ShardReport.Quality))!.GetValue(read));
        Assert.Equal("reason", read.GetType().GetProperty(nameof(ShardReport.Error))!.GetValue(read));
        Assert.Equal(WireContent.Of(report with { Quality = null }), WireContent.Of(today.Deserialize<object>(older.Value.Write(read))!));
    }

    /// <summary>The types that silos send to each other; what is kept as state is not among them, and Orleans' own part of an exception is not ours.</summary>
    private static IEnumerable<GoldenWire> Sent(string file)
    {
        HashSet<string> sent = [.. WireList.Types.Where(t => t.Assembly == typeof(EventRecord).Assembly && !t.IsAssignableTo(typeof(Exception))).Select(t => WireList.AliasOf(t)!)];
        GoldenWire[] found = [.. GoldenWire.Read(file).Where(g => sent.Contains(g.Alias))];
        Assert.True(found.Length > 40, $"{file} holds {found.Length} types.");
        return found;
    }

    /// <summary>A value of today, with the fields that came later at their defaults.</summary>
    private static string Without(object value)
    {
        JsonNode node = JsonNode.Parse(WireContent.Of(value))!;
        Reset(node, value is TrainingStatus or ShardReport);
        return WireContent.Text(node);
    }

    private static void Reset(JsonNode? node, bool isRoot)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                    Reset(item, false);
                break;
            case JsonObject members:
                foreach (string name in members.Select(m => m.Key).ToArray())
                    if (name is "HeldOut" or "Quality" || (name == "Sequence" && members[name] is JsonObject) || (name is "Silo" or "Epoch" && isRoot))
                        members[name] = null;
                    else if (name == "PublishAlways")
                        members[name] = false;
                    else
                        Reset(members[name], false);
                break;
        }
    }
}
