using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>Holds the Dockerfile against the sources: what it copies, what it restores, what it runs.</summary>
internal static partial class ImageCheck
{
    private const string Project = "silo/OrleansRec.Silo.csproj";

    public static IEnumerable<string> Of(ImageRecipe image, string root, string ignore)
    {
        IEnumerable<string> all = [.. OfSources(image, root, ignore), .. OfBuild(image, root), .. OfTargets(image, root)];
        return all.Select(f => $"{DeployFiles.Dockerfile}: {f}");
    }

    private static IEnumerable<string> OfSources(ImageRecipe image, string root, string ignore)
    {
        string[] kept = [.. ignore.Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..].Trim())];
        ImageStage build = image.Stages[0];
        foreach (string source in build.Of("COPY").SelectMany(c => c.Plain[..^1]))
        {
            if (!File.Exists(Path.Combine(root, source)) && !Directory.Exists(Path.Combine(root, source)))
                yield return $"COPY {source}: is not there";
            if (!kept.Contains(source.Split('/')[0]))
                yield return $"COPY {source}: .dockerignore leaves it out";
        }
        ImageStep[] steps = [.. build.Steps];
        int restore = Array.FindIndex(steps, s => s.Name == "RUN" && s.Rest.Contains("dotnet restore", StringComparison.Ordinal));
        string[] before = [.. steps[..Math.Max(restore, 0)].Where(s => s.Name == "COPY").SelectMany(s => s.Plain[..^1])];
        foreach (string needed in Projects(root, Project).Where(p => !before.Contains(p)))
            yield return $"{needed}: is needed for the restore and not copied before it";
    }

    private static IEnumerable<string> OfBuild(ImageRecipe image, string root)
    {
        foreach (ImageStep run in image.Stages[0].Of("RUN"))
            foreach (Match project in ProjectPath().Matches(run.Rest))
                if (!File.Exists(Path.Combine(root, project.Value)))
                    yield return $"RUN: {project.Value} is not there";
    }

    private static IEnumerable<string> OfTargets(ImageRecipe image, string root)
    {
        string program = "/app/" + XDocument.Load(Path.Combine(root, Project)).Descendants("AssemblyName").Single().Value;
        foreach (string target in new[] { "silo", "gateway" })
        {
            if (!image.Lineage(target).Any())
                yield return $"there is no target '{target}'";
            if (image.Last(target, "ENTRYPOINT")?.Words is not [var entry] || entry != program)
                yield return $"{target}: the program is {program}";
            string[] command = image.Last(target, "CMD")?.Words ?? [];
            foreach (string finding in ContainerCheck.OfCommand(command))
                yield return $"{target}: {finding}";
            int data = Array.IndexOf(command, "--data");
            if (data >= 0 && image.Last(target, "VOLUME")?.Rest != command[data + 1])
                yield return $"{target}: {command[data + 1]} is no volume";
            if (image.Last(target, "HEALTHCHECK")?.Rest is not { } check || !check.Contains("CMD [", StringComparison.Ordinal))
            {
                yield return $"{target}: there is no health check";
                continue;
            }
            string[] words = new ImageStep("CMD", check[check.IndexOf('[', StringComparison.Ordinal)..]).Words;
            if (words[0] != program || words[1] != "health")
                yield return $"{target}: the health check runs another program than {program} health";
            foreach (string finding in ContainerCheck.OfCommand(words[1..]))
                yield return $"{target}: health check: {finding}";
            Dictionary<string, string> environment = image.Environment(target);
            if (new Uri(words[^1]).Port.ToString(System.Globalization.CultureInfo.InvariantCulture) != environment.GetValueOrDefault("Server__Port"))
                yield return $"{target}: the health check asks another port than Server__Port";
        }
    }

    /// <summary>A project, what it refers to on the engine of a cluster, and the files that these import.</summary>
    private static IEnumerable<string> Projects(string root, string project)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out string? at))
        {
            if (!found.Add(at) || !at.EndsWith(".csproj", StringComparison.Ordinal))
                continue;
            XDocument file = XDocument.Load(Path.Combine(root, at));
            foreach (XElement reference in file.Descendants().Where(e => e.Name.LocalName is "ProjectReference" or "Import"))
            {
                string path = (reference.Attribute("Include") ?? reference.Attribute("Project"))!.Value;
                open.Enqueue(Path.GetRelativePath(root, Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(at)!, path))));
            }
        }
        return found;
    }

    [GeneratedRegex(@"[\w/.]+\.csproj")]
    private static partial Regex ProjectPath();
}
