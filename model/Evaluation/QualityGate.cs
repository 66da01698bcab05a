namespace OrleansRec.Model;

/// <summary>Sums over users on whom two versions were measured.</summary>
/// <param name="Users">How many.</param>
/// <param name="New">Σ NDCG of the new version.</param>
/// <param name="Current">Σ NDCG of the current version.</param>
/// <param name="Squares">Σ (new − current)².</param>
public readonly record struct QualitySums(long Users, double New, double Current, double Squares)
{
    /// <summary>Adds one user.</summary>
    public QualitySums With(double forNew, double forCurrent) =>
        new(Users + 1, New + forNew, Current + forCurrent, Squares + (forNew - forCurrent) * (forNew - forCurrent));

    /// <summary>Both together.</summary>
    public static QualitySums operator +(QualitySums a, QualitySums b) => new(a.Users + b.Users, a.New + b.New, a.Current + b.Current, a.Squares + b.Squares);
}

/// <summary>When a new version may take the place of the current one.</summary>
/// <param name="Share">The share of users whose newest item is held out, 0 … 1; see <see cref="HeldOutSample"/>.</param>
/// <param name="UsersMin">On fewer users the comparison decides nothing.</param>
/// <param name="Tolerance">By what share of the current figure the new one may be lower.</param>
/// <param name="PublishesAlways">Whether it is measured, but published whatever comes out.</param>
public sealed record QualityRule(double Share, int UsersMin, double Tolerance, bool PublishesAlways)
{
    /// <summary>A lower figure counts where the mean of the users' differences is so many of its standard errors below zero: one in fifty of equal versions is.</summary>
    public const double ErrorsMin = 2;
}

/// <summary>How two versions compare, and what follows.</summary>
/// <param name="Users">Users measured.</param>
/// <param name="New">Mean NDCG@10 of the new version.</param>
/// <param name="Current">Mean NDCG@10 of the current version.</param>
/// <param name="Error">Standard error of the mean difference.</param>
/// <param name="ComparedWith">The current version; 0 where there was none to compare with.</param>
/// <param name="IsWorse">Whether the new one is worse by more than tolerance and chance.</param>
/// <param name="IsRefused">Whether it is therefore not published.</param>
public sealed record QualityComparison(long Users, double New, double Current, double Error, long ComparedWith, bool IsWorse, bool IsRefused)
{
    /// <summary>Compares.</summary>
    public static QualityComparison Of(QualitySums sums, long comparedWith, QualityRule rule)
    {
        if (sums.Users == 0)
            return new(0, 0, 0, 0, comparedWith, false, false);
        double n = sums.Users, difference = (sums.New - sums.Current) / n;
        double error = n < 2 ? 0 : Math.Sqrt(Math.Max(0, sums.Squares / n - difference * difference) / (n - 1));
        double current = sums.Current / n;
        bool isWorse = comparedWith > 0 && sums.Users >= rule.UsersMin
            && difference < -rule.Tolerance * current && difference < -QualityRule.ErrorsMin * error;
        return new(sums.Users, sums.New / n, current, error, comparedWith, isWorse, isWorse && !rule.PublishesAlways);
    }

    /// <summary>Why it was refused.</summary>
    public string Reason => FormattableString.Invariant(
        $"NDCG@{HeldOutSample.ListLength} on {Users} held-out users is {New:0.0000}; that of the current version {ComparedWith} is {Current:0.0000} (± {Error:0.0000}).");
}
