using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Upgrade;

/// <summary>A copy of the built product that speaks the wire of an earlier version: its contracts are those of Older/.</summary>
internal sealed class OlderProduct : IDisposable
{
    private const string Contracts = "OrleansRec.Contracts.dll";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("orleansrec-older-");

    public OlderProduct()
    {
        string built = Path.GetDirectoryName(ProductProcess.BuiltProgram)!;
        foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Folder, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        File.Copy(Path.Combine(ProductProcess.OutputOf("OrleansRec.Contracts.Older"), Contracts), Path.Combine(Folder, Contracts), overwrite: true);
    }

    /// <summary>Where it lies.</summary>
    public string Folder => folder.FullName;

    /// <summary>What is started.</summary>
    public string Program => Path.Combine(Folder, "orleansrec.dll");

    public void Dispose() => folder.Delete(recursive: true);
}
