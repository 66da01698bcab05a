namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>A container of ours that a file of deploy/ starts, with what its image says filled in.</summary>
/// <param name="Where">File and name, for messages.</param>
/// <param name="Image">The image's stage.</param>
internal sealed record Container(string Where, string Image)
{
    /// <summary>What follows the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables; null where the value is known at run time only.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Settings that come as files: their names.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Where those files are mounted; null where there are none.</summary>
    public string? SecretsFolder { get; init; }

    /// <summary>Ports that it says to listen on.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>HTTP probes: path, and port by number or name.</summary>
    public IReadOnlyList<(string Path, string Port)> Probes { get; init; } = [];

    /// <summary>Ports by name.</summary>
    public IReadOnlyDictionary<string, string> NamedPorts { get; init; } = new Dictionary<string, string>();

    /// <summary>The user's number where the file says one.</summary>
    public string? User { get; init; }

    /// <summary>Seconds from the request to stop until it is killed; null for what ends by itself.</summary>
    public double? StopSeconds { get; init; }

    /// <summary>Seconds of them that go by before the program is told.</summary>
    public double HeldSeconds { get; init; }

    /// <summary>The command that it runs, without options.</summary>
    public string Command => string.Join(' ', Arguments.TakeWhile(a => !a.StartsWith('-')));
}
