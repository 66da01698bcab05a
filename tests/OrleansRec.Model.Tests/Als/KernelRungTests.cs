using System.Diagnostics;
using System.Runtime.Intrinsics;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Model.Tests.Als;

/// <summary>The kernel and scan tests pass again in child processes whose runtime offers narrower vectors or none.</summary>
/// <remarks>A child runs its own rung. In the parent, a rung that the machine lacks runs too, and its name says that it is emulated.</remarks>
public sealed class KernelRungTests
{
    private static readonly TimeSpan ChildLimit = TimeSpan.FromMinutes(3);

    private static bool IsDebug =>
#if DEBUG
        true;
#else
        false;
#endif

    [Theory]
    [InlineData("DOTNET_PreferredVectorBitWidth", "128", "128")]
    [InlineData("DOTNET_PreferredVectorBitWidth", "256", "256")]
    [InlineData("DOTNET_EnableAVX2", "0", "128")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", "scalar")]
    public async Task ChildProcess_NarrowerVectors_PassesTheKernelTests(string variable, string value, string rung)
    {
        Assert.SkipWhen(KernelChild.IsThis, "This is the child.");
        Assert.SkipWhen(IsDebug, "Unoptimised code on one rung takes minutes: dotnet test -c Release.");
        ProcessStartInfo start = KernelChild.Of(rung);
        foreach (string name in new[] { nameof(ChildTests), nameof(KernelTests), nameof(RowEquationsTests), nameof(ShortRowTests), nameof(RowPassKernelTests) })
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add($"OrleansRec.Model.Tests.Als.{name}");
        }
        foreach (Type tests in new[] { typeof(TopKs.TopKTests), typeof(TopKs.CodeKernelTests), typeof(TopKs.ItemIndexTests), typeof(TopKs.ClusteredIndexTests), typeof(Sequence.NetworkKernelTests) })
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(tests.FullName!);
        }
        start.Environment[variable] = value;
        ProgramEnd child = await ProgramEnd.Of(start, ChildLimit);
        Assert.True(child.Code == 0, $"{variable}={value}:\n{child.Output}\n{child.Errors}");
    }
}

/// <summary>A child process runs on the rung that its parent meant it to.</summary>
public sealed class ChildTests
{
    [Fact]
    public void KernelRung_InChild_IsTheOneNamedOrNarrower()
    {
        string? named = KernelChild.Rung;
        if (named is null)
            return;
        string[] ladder = ["scalar", "128", "256", "512"];
        Assert.InRange(Array.IndexOf(ladder, KernelRung.Single.Name), 0, Array.IndexOf(ladder, named));
    }
}

/// <summary>What tests call a rung: its name, and that the machine can only emulate it where that is so.</summary>
internal static class RungNames
{
    private const string Emulated = " (emulated)";

    /// <summary>All rungs; in a child its own alone, as the parent has run the narrower ones and wider ones are only emulated there, slowly.</summary>
    public static IEnumerable<string> Worthwhile() =>
        from rung in KernelRung.All<float>()
        where KernelChild.Rung is null || rung.Name == KernelRung.Single.Name
        select rung.Name + (IsEmulated(rung.Name) ? Emulated : "");

    public static DenseKernels<T> Find<T>(string shown)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => KernelRung.All<T>().Single(k => k.Name == shown.Replace(Emulated, ""));

    /// <summary>The names up to and including the last one wanted; all where none is named.</summary>
    public static IEnumerable<string> TakeUntil(this IEnumerable<string> names, string? last)
    {
        foreach (string name in names)
        {
            yield return name;
            if (name == last)
                yield break;
        }
    }

    private static bool IsEmulated(string rung) => rung switch
    {
        "512" => !Vector512.IsHardwareAccelerated,
        "256" => !Vector256.IsHardwareAccelerated,
        "128" => !Vector128.IsHardwareAccelerated,
        _ => false,
    };
}
