using System.CommandLine;
using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>The options of a training, shared by train, evaluate and demo. What is absent takes the configured plan.</summary>
internal sealed class PlanOptions
{
    private readonly Option<int?> _rank = new("--rank") { Description = "k, number of latent factors.", HelpName = "K" };
    private readonly Option<double?> _lambda = new("--lambda") { Description = "λ, regularisation.", HelpName = "L" };
    private readonly Option<double?> _exponent = new("--lambda-exponent") { Description = "ν, how λ grows with a row's pairs.", HelpName = "NU" };
    private readonly Option<double?> _alpha = new("--alpha") { Description = "α, from r to confidence.", HelpName = "A" };
    private readonly Option<int?> _sweeps = new("--sweeps") { Description = "Number of sweeps, each users then items.", HelpName = "N" };
    private readonly Option<int?> _seed = new("--seed") { Description = "Seed of the start values.", HelpName = "S" };
    private readonly Option<string?> _objective = new("--objective") { Description = "implicit or explicit.", HelpName = "OBJECTIVE" };
    private readonly Option<string?> _confidence = new("--confidence") { Description = "one-plus: 1 + α·r; scaled: α·r; unobserved=W: weight α·r, and W for the unobserved.", HelpName = "READING" };
    private readonly Option<string?> _solver = new("--solver") { Description = "cholesky (exact), conjugate-gradient, subspace (iALS++) or auto.", HelpName = "SOLVER" };
    private readonly Option<int?> _steps = new("--cg-steps") { Description = "Steps of conjugate gradient at most.", HelpName = "N" };
    private readonly Option<double?> _tolerance = new("--cg-tolerance") { Description = "Where conjugate gradient stops earlier.", HelpName = "T" };
    private readonly Option<int?> _block = new("--subspace-block") { Description = "Factors in a block of the subspace solver.", HelpName = "N" };
    private readonly Option<string?> _publish = new("--publish") { Description = "if-not-worse: than the current version, on users held out for that; always.", HelpName = "WHEN" };
    private readonly Option<int?> _rounds = new("--subspace-rounds") { Description = "Rounds of the subspace solver.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _rank, _lambda, _exponent, _alpha, _sweeps, _seed, _objective, _confidence, _solver, _steps, _tolerance, _block, _rounds, _publish })
            command.Add(option);
    }

    public TrainingRequest Read(ParseResult parsed)
    {
        var (confidence, weight) = ReadConfidence(parsed.GetValue(_confidence));
        return new()
        {
            Objective = OneOf("objective", parsed.GetValue(_objective), "implicit", "explicit"),
            Rank = parsed.GetValue(_rank), Lambda = parsed.GetValue(_lambda), LambdaExponent = parsed.GetValue(_exponent),
            Alpha = parsed.GetValue(_alpha), Sweeps = parsed.GetValue(_sweeps), Seed = parsed.GetValue(_seed),
            Confidence = confidence, UnobservedWeight = weight, Publish = OneOf("publish", parsed.GetValue(_publish), "if-not-worse", "always"),
            Solver = OneOf("solver", parsed.GetValue(_solver), "cholesky", "conjugate-gradient", "subspace", "auto"),
            ConjugateGradientSteps = parsed.GetValue(_steps), ConjugateGradientTolerance = parsed.GetValue(_tolerance),
            SubspaceBlock = parsed.GetValue(_block), SubspaceRounds = parsed.GetValue(_rounds),
        };
    }

    private static (string?, double?) ReadConfidence(string? text)
    {
        const string prefix = "unobserved=";
        if (text is null or "one-plus" or "scaled")
            return (text, null);
        if (text.StartsWith(prefix, StringComparison.Ordinal)
            && double.TryParse(text[prefix.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight))
            return ("unobserved", weight);
        throw new BadInputException("confidence", text, "must be one-plus, scaled or unobserved=W with a number W");
    }

    private static string? OneOf(string option, string? value, params string[] allowed) =>
        value is null || allowed.Contains(value) ? value : throw new BadInputException(option, value, $"must be one of {string.Join(", ", allowed)}");
}
