using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>A folder of one test, deleted with it.</summary>
public sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Root = Directory.CreateTempSubdirectory("orleansrec-test-").FullName;

    public string Root { get; }

    public string this[string name] => Path.Combine(Root, name);

    public StorageOptions Options(string name = "data") => new() { Folder = this[name] };

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
