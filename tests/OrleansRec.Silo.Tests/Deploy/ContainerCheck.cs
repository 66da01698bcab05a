using System.CommandLine;
using System.Globalization;
using OrleansRec.Silo.Commands;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>Holds one container against the code: settings, command, ports, probes, user, time to stop.</summary>
internal static class ContainerCheck
{
    /// <summary>A process that has drained still closes its store and ends.</summary>
    private const double EndSeconds = 10;

    /// <summary>Variables that are no settings: those of the runtime, and those that the program reads itself.</summary>
    private static readonly string[] otherVariables = ["DOTNET_EnableDiagnostics", Composition.SecretsVariable, CommandOptions.KeyVariable];

    public static IEnumerable<string> Of(Container container, ImageRecipe image, IReadOnlySet<string> openPaths)
    {
        IEnumerable<string> all =
            [.. OfSettings(container), .. OfCommand(container.Arguments), .. OfPorts(container), .. OfProbes(container, openPaths), .. OfUser(container, image), .. OfStop(container)];
        return all.Select(f => $"{container.Where}: {f}");
    }

    private static IEnumerable<string> OfSettings(Container container)
    {
        foreach (var (name, value) in container.Environment)
        {
            if (otherVariables.Contains(name))
                continue;
            if (!Settings.LooksLikeOne(name))
                yield return $"{name}: is no setting and no variable that is read";
            else if (Settings.Fault(name, value) is { } fault)
                yield return fault;
            if (name.Contains("Password", StringComparison.Ordinal) || name.Contains("ConnectionString", StringComparison.Ordinal))
                yield return $"{name}: a secret does not belong in an environment";
        }
        foreach (string secret in container.Secrets)
            if (Settings.Fault(secret, null) is { } fault)
                yield return fault;
        string? folder = container.Environment.GetValueOrDefault(Composition.SecretsVariable);
        if (container.SecretsFolder is { } mounted && mounted != folder)
            yield return $"{Composition.SecretsVariable} is '{folder}'; the secrets are in '{mounted}'";
    }

    /// <summary>A command line that the program would not take.</summary>
    public static IEnumerable<string> OfCommand(IEnumerable<string> arguments)
    {
        ParseResult parsed = CommandLine.Tree().Parse([.. arguments]);
        if (parsed.Errors.Count > 0)
            yield return $"'{string.Join(' ', arguments)}': {Usage.Mistake(parsed).Message}";
    }

    private static IEnumerable<string> OfPorts(Container container)
    {
        bool isSilo = container.Command == "serve";
        var expected = new Dictionary<string, string> { ["http"] = Value(container, "Server__Port") };
        if (isSilo && Value(container, "Cluster__Kind") is not "Single")
            (expected["silo"], expected["clients"]) = (Value(container, "Cluster__SiloPort"), Value(container, "Cluster__GatewayPort"));
        foreach (string port in container.Ports.Where(p => !expected.ContainsValue(p)))
            yield return $"port {port}: nothing listens there";
        foreach (string port in expected.Values.Where(p => container.Ports.Count > 0 && !container.Ports.Contains(p)))
            yield return $"port {port}: is listened on and not named";
        foreach (var (name, port) in container.NamedPorts.Where(p => expected.GetValueOrDefault(p.Key) != p.Value))
            yield return $"port {port}: is not the one called '{name}'";
        if (container.Command is "serve" or "gateway" && Value(container, "Server__Host") != "0.0.0.0")
            yield return $"Server__Host '{Value(container, "Server__Host")}': nobody outside the container reaches it";
    }

    private static IEnumerable<string> OfProbes(Container container, IReadOnlySet<string> openPaths)
    {
        foreach (var (path, port) in container.Probes)
        {
            if (!openPaths.Contains(path))
                yield return $"probe '{path}': is no route that answers without a key";
            if (container.NamedPorts.GetValueOrDefault(port, port) != Value(container, "Server__Port"))
                yield return $"probe '{path}': port '{port}' does not speak HTTP";
        }
    }

    private static IEnumerable<string> OfUser(Container container, ImageRecipe image)
    {
        string own = image.Last(container.Image, "USER")?.Rest.Split(':')[0] ?? "0";
        if (own is "0" or "root" || !int.TryParse(own, CultureInfo.InvariantCulture, out _))
            yield return $"user '{own}': must be a number other than 0, so that it can be seen that it is not root";
        if (container.User is { } said && said != own)
            yield return $"user {said}: the image's is {own}";
    }

    private static IEnumerable<string> OfStop(Container container)
    {
        double drains = Seconds(container, "Server__ShutdownPeriodMax") + (Value(container, "Cluster__Kind") == "Single" ? 0 : Seconds(container, "Cluster__DrainPeriod"));
        if (container.StopSeconds is { } seconds && seconds < container.HeldSeconds + drains + EndSeconds)
            yield return $"it is killed after {seconds} s; it may take {container.HeldSeconds} s before, {drains} s for its drain and {EndSeconds} s to end";
        if (container.Command is "serve" or "gateway" && container.StopSeconds is null)
            yield return "how long it may take to stop is not said";
    }

    private static double Seconds(Container container, string name) => TimeSpan.TryParse(Value(container, name), CultureInfo.InvariantCulture, out TimeSpan period) ? period.TotalSeconds : 0;

    /// <summary>A setting as it is set here, or as it is by default.</summary>
    private static string Value(Container container, string name) =>
        container.Environment.TryGetValue(name, out string? value) && value is not null ? value : Settings.Default(name);
}
