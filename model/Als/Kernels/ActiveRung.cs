namespace OrleansRec.Model;

/// <summary>The vector width that this process computes at.</summary>
/// <remarks>Sums are added in an order that the width decides, so factors of two widths differ in their last bits: a training keeps to the width it began with.</remarks>
public static class ActiveRung
{
    /// <summary>"512", "256", "128" or "scalar": the widest that the machine has, or that the runtime was told to use (DOTNET_PreferredVectorBitWidth, DOTNET_EnableAVX2 and so on).</summary>
    public static string Name => KernelRung.Single.Name;
}
