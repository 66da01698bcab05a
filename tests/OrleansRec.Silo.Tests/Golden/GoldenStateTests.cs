using System.Reflection;
using System.Text.Json.Nodes;
using OrleansRec.Grains.Tests.Wire;
using OrleansRec.Grains.Users;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Tests.Golden;

/// <summary>
/// Goal: the state that a grain of an older version left is read by this one. Method: one value of every state record is kept as the stores hold it, as JSON; those
/// of folders that older products wrote are in the packed folders. REC_WRITE_STATES=1 writes the file anew, for a new record or a member more.
/// </summary>
public sealed class GoldenStateTests
{
    private const string File = "golden-states.txt";

    private static readonly MethodInfo encode = typeof(GrainStateJson).GetMethod(nameof(GrainStateJson.Encode))!, decode = typeof(GrainStateJson).GetMethod(nameof(GrainStateJson.Decode))!;

    /// <summary>Records that only the grains' own assembly knows are their states.</summary>
    private static IEnumerable<Type> States => WireList.Types.Where(t => t.Assembly == typeof(UserGrain).Assembly && t.GetConstructor([]) is not null && !t.IsAssignableTo(typeof(Exception)));

    [Fact]
    public void Read_AStateThatWasKept_HoldsAllThatWasWritten()
    {
        Dictionary<string, JsonNode> kept = Kept();
        Assert.Superset(new HashSet<string> { "rec.access-log-state", "rec.key-ring-state", "rec.model-directory-state", "rec.store-growth-state", "rec.training-record" }, kept.Keys.ToHashSet());
        foreach (Type type in States)
        {
            JsonNode written = kept[WireList.AliasOf(type)!];
            object state = decode.MakeGenericMethod(type).CreateDelegate<Reading>()(System.Text.Encoding.UTF8.GetBytes(written.ToJsonString()), type.Name)!;
            AssertHolds(written, Encode(type, state), type.Name);
        }
    }

    [Fact]
    public void Write_EveryState_GivesWhatWasKept()
    {
        Dictionary<string, JsonNode> now = States.ToDictionary(t => WireList.AliasOf(t)!, t => Encode(t, WireSample.Of(t)));
        if (Environment.GetEnvironmentVariable("REC_WRITE_STATES") is not null)
            System.IO.File.WriteAllLines(GoldenWire.InSources("tests/OrleansRec.Silo.Tests/Golden", File), now.Select(s => $"{s.Key} {s.Value.ToJsonString()}"));
        Assert.Equal(now.Select(s => $"{s.Key} {s.Value.ToJsonString()}"), Kept().Select(s => $"{s.Key} {s.Value.ToJsonString()}"));
    }

    private delegate object? Reading(ReadOnlySpan<byte> content, string what);

    private static Dictionary<string, JsonNode> Kept() =>
        System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", File)).Select(l => l.Split(' ', 2)).ToDictionary(l => l[0], l => JsonNode.Parse(l[1])!);

    private static JsonNode Encode(Type type, object state) => JsonNode.Parse((byte[])encode.MakeGenericMethod(type).Invoke(null, [state])!)!;

    /// <summary>Members that came later have their default; those that were there have what was written.</summary>
    private static void AssertHolds(JsonNode written, JsonNode? read, string where)
    {
        if (written is JsonObject members && read is JsonObject found)
            foreach (var (name, value) in members)
                AssertHolds(value!, found[name], $"{where}.{name}");
        else if (written is JsonArray items && read is JsonArray array && items.Count == array.Count)
            for (int i = 0; i < items.Count; i++)
                AssertHolds(items[i]!, array[i], $"{where}[{i}]");
        else
            Assert.Equal($"{where} {written.ToJsonString()}", $"{where} {read?.ToJsonString()}");
    }
}
