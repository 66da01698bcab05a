using System.Globalization;

namespace OrleansRec.Silo.Dashboard.Parts;

/// <summary>Labels of chart axes.</summary>
public static class ChartText
{
    public static string Clock(object time) => time is IFormattable formattable ? formattable.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : "";

    public static string Value(object value) => Shown.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));

    /// <summary>Four figures, without exponents up to a million millions.</summary>
    public static string Loss(object value)
    {
        double loss = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return loss.ToString(Math.Abs(loss) is >= 1000 and < 1e12 ? "N0" : "G4", CultureInfo.InvariantCulture);
    }

    public static string Whole(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("0", CultureInfo.InvariantCulture);
}
