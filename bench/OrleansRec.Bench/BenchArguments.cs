using System.Globalization;

namespace OrleansRec.Bench;

/// <summary>What a measurement is told on its command line.</summary>
internal static class BenchArguments
{
    /// <summary>The number behind a name such as <c>--events</c>, or <paramref name="otherwise"/> where the name is not there.</summary>
    public static int Number(string[] arguments, string name, int otherwise)
    {
        int at = Array.IndexOf(arguments, name);
        return at < 0 ? otherwise : int.Parse(arguments[at + 1], CultureInfo.InvariantCulture);
    }
}
