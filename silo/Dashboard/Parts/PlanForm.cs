using System.ComponentModel.DataAnnotations;
using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard.Parts;

/// <summary>The plan that an operator fills in; an empty field takes the server's configured plan.</summary>
public sealed class PlanForm
{
    public string? Objective { get; set; }

    /// <summary>als, both or sequence.</summary>
    public string? Kind { get; set; }

    [Range(1, 1024, ErrorMessage = "Rank k must be from 1 to 1,024.")]
    public int? Rank { get; set; }

    [Range(double.Epsilon, 1e9, ErrorMessage = "λ must be above 0.")]
    public double? Lambda { get; set; }

    [Range(0.0, 2.0, ErrorMessage = "ν must be from 0 to 2.")]
    public double? LambdaExponent { get; set; }

    [Range(double.Epsilon, 1e9, ErrorMessage = "α must be above 0.")]
    public double? Alpha { get; set; }

    public string? Confidence { get; set; }

    [Range(double.Epsilon, 1e9, ErrorMessage = "α0 must be above 0.")]
    public double? UnobservedWeight { get; set; }

    [Range(1, 1000, ErrorMessage = "Sweeps must be from 1 to 1,000.")]
    public int? Sweeps { get; set; }

    public int? Seed { get; set; }

    public string? Solver { get; set; }

    [Range(1, 100, ErrorMessage = "Steps must be from 1 to 100.")]
    public int? ConjugateGradientSteps { get; set; }

    public string? PairValue { get; set; }

    public string? Publish { get; set; }

    /// <summary>As lines or commas: view=1, purchase=5.</summary>
    [CustomValidation(typeof(PlanForm), nameof(CheckTypeWeights))]
    public string? TypeWeights { get; set; }

    /// <summary>How the sequence model of an earlier training was trained; null: as configured.</summary>
    public SequenceRequest? Sequence { get; set; }

    /// <summary>What is sent to the server.</summary>
    public TrainingRequest ToRequest() => new()
    {
        Objective = Objective, Kind = Kind, Sequence = Kind is "both" or "sequence" ? Sequence : null, Rank = Rank, Lambda = Lambda, LambdaExponent = LambdaExponent, Alpha = Alpha, Confidence = Confidence,
        UnobservedWeight = UnobservedWeight, Sweeps = Sweeps, Seed = Seed, Solver = Solver, ConjugateGradientSteps = ConjugateGradientSteps,
        PairValue = PairValue, Publish = Publish, TypeWeights = TypeWeightText.TryParse(TypeWeights, out var weights) && weights.Count > 0 ? weights : null,
    };

    /// <summary>The form with the plan of an earlier training.</summary>
    public static PlanForm Of(TrainingRequest plan) => new()
    {
        Objective = plan.Objective, Kind = plan.Kind, Sequence = plan.Sequence, Rank = plan.Rank, Lambda = plan.Lambda, LambdaExponent = plan.LambdaExponent, Alpha = plan.Alpha,
        Confidence = plan.Confidence, UnobservedWeight = plan.UnobservedWeight, Sweeps = plan.Sweeps, Seed = plan.Seed, Solver = plan.Solver,
        ConjugateGradientSteps = plan.ConjugateGradientSteps, PairValue = plan.PairValue, TypeWeights = TypeWeightText.Format(plan.TypeWeights),
    };

    public static ValidationResult? CheckTypeWeights(string? text, ValidationContext context) =>
        TypeWeightText.TryParse(text, out _) ? ValidationResult.Success : new("Write type=weight, separated by commas, each weight 0 or more.");
}
