using System.Text;
using System.Text.Json;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>A request as its bytes. One that is well formed must be answered, and refused only with problem details.</summary>
internal sealed record FuzzedRequest(byte[] Bytes, string Method, string Target, bool IsWellFormed);

/// <summary>
/// Makes the n-th request of a seed from the OpenAPI document: every operation, with parameters and bodies that follow their schemas mostly. A new
/// endpoint is fuzzed as soon as it is in the document. Pages and files of the dashboard are added by path.
/// </summary>
internal sealed class FuzzedRequests
{
    private static readonly string[] Pages =
    [
        "/", "/dashboard", "/dashboard/", "/dashboard/login", "/dashboard/items", "/dashboard/users", "/dashboard/training", "/dashboard/models", "/dashboard/nothing", "/health/live", "/health/ready",
        "/openapi/v1.json", "/_blazor", "/_blazor/negotiate", "/_framework/blazor.web.js", "/favicon.ico", "/metrics", "/v1", "/v1/", "/v2/events", "/dashboard/../v1/users", "//v1/users",
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW", "get"];
    private static readonly string[] MediaTypes = ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-7", "text/plain", "application/x-ndjson", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "///"];
    private static readonly string[] Queries = ["k", "filter", "includeSeen", "then", "count", "cursor", "unheardOf", "K", ""];

    private readonly Operation[] operations;
    private readonly SchemaJson bodies;
    private readonly int seed;

    public FuzzedRequests(JsonElement openApi, int seed)
    {
        this.seed = seed;
        bodies = new(openApi.GetProperty("components").GetProperty("schemas"));
        operations = [.. from path in openApi.GetProperty("paths").EnumerateObject() from operation in path.Value.EnumerateObject() select Operation.Read(path.Name, operation)];
    }

    /// <summary>How many operations the document has.</summary>
    public int OperationCount => operations.Length;

    public FuzzedRequest this[int index]
    {
        get
        {
            var dice = new Random(HashOf(seed, index));
            Operation operation = operations[dice.Next(operations.Length)];
            string method = dice.Next(40) == 0 ? Methods[dice.Next(Methods.Length)] : operation.Method;
            string target = dice.Next(12) == 0 ? Page(dice) : Target(dice, operation);
            byte[] body = operation.Body is { } schema && dice.Next(40) != 0 ? bodies.Write(dice, schema) : dice.Next(20) == 0 ? Encoding.UTF8.GetBytes(OddText.Any(dice)) : [];
            if (body.Length > 0 && dice.Next(6) == 0)
                body = ByteMutation.Apply(dice, body);
            byte[] bytes = [.. Head(dice, method, target, body.Length), .. body];
            bool isBroken = dice.Next(50) == 0;
            return new(isBroken ? ByteMutation.Apply(dice, bytes) : bytes, method, target, !isBroken);
        }
    }

    private static string Page(Random dice) => Pages[dice.Next(Pages.Length)] + (dice.Next(3) == 0 ? "?" + Query(dice) : "");

    private static string Target(Random dice, Operation operation)
    {
        var target = new StringBuilder();
        foreach (string part in operation.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            target.Append('/').Append(part.StartsWith('{') ? OddText.InTarget(dice, part == "{version}" && dice.Next(3) > 0 ? $"{dice.Next(4)}" : OddText.Id(dice)) : part);
        return dice.Next(3) == 0 ? $"{target}?{Query(dice)}" : target.ToString();
    }

    private static string Query(Random dice) => string.Join('&', Enumerable.Range(0, dice.Next(1, 4)).Select(_ =>
        Queries[dice.Next(Queries.Length)] + (dice.Next(10) == 0 ? "" : "=" + OddText.InTarget(dice, dice.Next(3) == 0 ? $"{dice.Next(20)}" : OddText.Any(dice)))));

    private static byte[] Head(Random dice, string method, string target, int bodyLength)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        if (bodyLength > 0 || dice.Next(4) == 0)
            head.Append($"Content-Length: {bodyLength}\r\n");
        if (bodyLength > 0)
            head.Append($"Content-Type: {MediaTypes[dice.Next(5) == 0 ? dice.Next(MediaTypes.Length) : 0]}\r\n");
        if (dice.Next(20) == 0)
            head.Append("Accept: image/png\r\nAccept-Encoding: gzip, br;q=nonsense\r\n");
        if (dice.Next(20) == 0)
            head.Append("Content-Encoding: gzip\r\n");
        if (dice.Next(20) == 0)
            head.Append($"Authorization: {(dice.Next(2) == 0 ? "Bearer " : "Basic ")}{new string('A', dice.Next(300))}\r\n");
        if (dice.Next(20) == 0)
            head.Append($"Cookie: orleansrec={new string('Q', dice.Next(300))}\r\nTraceparent: 00-zz-1-1\r\nIf-None-Match: *\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    // Not HashCode, which differs from process to process.
    private static int HashOf(int seed, int index) => unchecked((int)(((uint)seed * 2654435761u) ^ ((uint)index * 2246822519u)) & int.MaxValue);

    private sealed record Operation(string Method, string Path, JsonElement? Body)
    {
        public static Operation Read(string path, JsonProperty operation)
        {
            JsonElement? schema = operation.Value.TryGetProperty("requestBody", out JsonElement body) && body.TryGetProperty("content", out JsonElement content)
                && content.TryGetProperty("application/json", out JsonElement media) && media.TryGetProperty("schema", out JsonElement found) ? found : null;
            return new(operation.Name.ToUpperInvariant(), path, schema);
        }
    }
}
