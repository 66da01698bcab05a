namespace OrleansRec.Model;

/// <summary>Measures predicted ratings against given ones.</summary>
public sealed class RatingMetrics
{
    private double _squares, _magnitudes;

    /// <summary>Ratings measured.</summary>
    public long Count { get; private set; }

    /// <summary>√(mean of squared errors); 0 without ratings.</summary>
    public double Rmse => Math.Sqrt(_squares / Math.Max(1, Count));

    /// <summary>Mean of the errors' magnitudes; 0 without ratings.</summary>
    public double Mae => _magnitudes / Math.Max(1, Count);

    /// <summary>Adds one rating.</summary>
    /// <exception cref="ArgumentException">Either is not finite: one NaN would silently be the whole figure.</exception>
    public void Add(double predicted, double given)
    {
        double error = predicted - given;
        if (!double.IsFinite(error))
            throw new ArgumentException($"Ratings must be finite; predicted {predicted}, given {given}.", nameof(predicted));
        _squares += error * error;
        _magnitudes += Math.Abs(error);
        Count++;
    }
}
