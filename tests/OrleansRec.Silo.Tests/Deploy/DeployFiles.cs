namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>The texts that operators take from deploy/, by file name, and the sources that an image is built of.</summary>
internal sealed record DeployFiles(string Root, IReadOnlyDictionary<string, string> Texts)
{
    public const string Dockerfile = "Dockerfile", Compose = "compose.yaml", Kubernetes = "kubernetes.yaml", MakeSecrets = "make-secrets", Operating = "OPERATING.md";

    public string this[string file] => Texts[file];

    /// <summary>Reads the folder of this repository.</summary>
    public static DeployFiles Read()
    {
        string root = FindRoot();
        string[] names = [Dockerfile, Compose, Kubernetes, MakeSecrets, Operating];
        return new(root, names.ToDictionary(n => n, n => File.ReadAllText(Path.Combine(root, "deploy", n))));
    }

    /// <summary>The same with one place changed.</summary>
    /// <exception cref="ArgumentException">The place is not there, or there twice: the change would prove nothing.</exception>
    public DeployFiles With(string file, string old, string changed)
    {
        int at = Texts[file].IndexOf(old, StringComparison.Ordinal);
        if (at < 0)
            throw new ArgumentException($"{file} does not hold '{old}'.", nameof(old));
        string text = string.Concat(Texts[file].AsSpan(0, at), changed, Texts[file].AsSpan(at + old.Length));
        return this with { Texts = new Dictionary<string, string>(Texts) { [file] = text } };
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansRec.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds OrleansRec.sln.");
    }
}
