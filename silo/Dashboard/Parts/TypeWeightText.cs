using System.Globalization;

namespace OrleansRec.Silo.Dashboard.Parts;

/// <summary>Weights of event types as text: <c>view=1, purchase=5</c>.</summary>
public static class TypeWeightText
{
    public static bool TryParse(string? text, out Dictionary<string, double> weights)
    {
        weights = [];
        foreach (string part in (text ?? "").Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides is not [{ Length: > 0 } type, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !double.IsFinite(weight) || weight < 0)
                return false;
            weights[type] = weight;
        }
        return true;
    }

    public static string? Format(IReadOnlyDictionary<string, double>? weights) => weights is null or { Count: 0 }
        ? null
        : string.Join(", ", weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Key}={w.Value}")));
}
