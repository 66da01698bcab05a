using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>Problem details (RFC 9457). What can be said of a caller's mistake is in field, value and rule.</summary>
public sealed record ApiProblem
{
    /// <summary>A URI that names the kind of problem.</summary>
    public string? Type { get; init; }

    /// <summary>The kind of problem.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>What happened here.</summary>
    public string? Detail { get; init; }

    /// <summary>Which field, query parameter or header; a JSON path where the body could not be read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>What it held, shortened where it is long.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>What it must be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rule { get; init; }

    /// <summary>The version being trained, where a training was under way already.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Version { get; init; }
}

/// <summary>A verb could not be carried out.</summary>
public sealed class RecommenderException : Exception
{
    /// <summary>With the problem that the server named.</summary>
    public RecommenderException(ApiProblem problem, Exception? inner = null)
        : base(Say(problem), inner) => Problem = problem;

    /// <summary>What went wrong; the status is 0 where no answer came.</summary>
    public ApiProblem Problem { get; }

    /// <summary>A caller's mistake: status 400 with field, value and rule.</summary>
    public static RecommenderException Invalid(string field, string value, string rule) =>
        new(new() { Title = "The request breaks a rule.", Status = 400, Field = field, Value = value, Rule = rule });

    private static string Say(ApiProblem problem) => problem.Field is null
        ? problem.Detail ?? problem.Title ?? $"The server answered {problem.Status}."
        : $"{problem.Field} '{problem.Value}': {problem.Rule}";
}
