using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>A body of JSON Lines (NDJSON): one object a line. A line that cannot be read is rejected by itself, and the others are taken.</summary>
/// <param name="faults">By the place among the entries: which of them could not be read, and why.</param>
/// <param name="lines">The line of each entry, from 1; empty where the body is not lines.</param>
internal sealed class BodyLines(IReadOnlyDictionary<int, RejectedEntry> faults, int[] lines)
{
    /// <summary>Of a body that is one JSON text.</summary>
    public static readonly BodyLines None = new(new Dictionary<int, RejectedEntry>(), []);

    private static readonly string[] s_types = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

    /// <summary>Whether a request says that its body is lines.</summary>
    public static bool Are(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && Array.Exists(s_types, t => type.MediaType.Equals(t, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the lines; an entry that cannot be read is null. Empty lines are passed over.</summary>
    public static (T[] Entries, BodyLines Lines) Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> one) where T : class
    {
        List<T?> entries = [];
        List<int> lines = [];
        Dictionary<int, RejectedEntry> faults = [];
        int number = 0;
        foreach (Range range in body.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = body[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
                continue;
            if (!TryRead(line, one, out T? entry, out JsonException? fault))
                faults[entries.Count] = FaultOf(fault!, number);
            entries.Add(entry);
            lines.Add(number);
        }
        return ([.. entries!], new(faults, [.. lines]));
    }

    /// <summary>The rejected entries of an answer, each by the index of its line from 0, and those that could not be read by what is wrong with their text.</summary>
    public RejectedEntry[] Name(RejectedEntry[] rejected) => lines.Length == 0
        ? rejected
        : Array.ConvertAll(rejected, r => (faults.TryGetValue(r.Index, out RejectedEntry? fault) ? fault : r) with { Index = lines[r.Index] - 1 });

    private static bool TryRead<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> one, out T? entry, out JsonException? fault) where T : class
    {
        (entry, fault) = (null, null);
        try
        {
            entry = JsonSerializer.Deserialize(line, one) ?? throw new JsonException("The line is null.", "$", 0, 0);
            return true;
        }
        catch (JsonException e)
        {
            fault = e;
            return false;
        }
    }

    private static RejectedEntry FaultOf(JsonException fault, int line)
    {
        ApiProblem problem = ProblemOf.Exception(fault)!;
        string place = string.Create(CultureInfo.InvariantCulture, $"line {line}, byte {fault.BytePositionInLine + 1}");
        return new(line - 1, problem.Field!, place, problem.Rule!);
    }
}
