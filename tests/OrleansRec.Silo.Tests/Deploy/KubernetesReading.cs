using System.Globalization;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>kubernetes.yaml: its containers, and what does not fit within the file.</summary>
internal sealed class KubernetesReading
{
    private readonly IReadOnlyList<YamlTree> _objects;
    private readonly ImageRecipe _image;
    private readonly List<string> _findings = [];

    public KubernetesReading(DeployFiles files, ImageRecipe image)
    {
        (_objects, _image) = (YamlTree.Documents(files[DeployFiles.Kubernetes]), image);
        Containers = [.. Workloads.SelectMany(w => w["spec"]["template"]["spec"]["containers"].Items.Select(c => Read(w, c)))];
        foreach (YamlTree each in _objects)
            CheckLinks(each);
    }

    public IReadOnlyList<Container> Containers { get; }

    public IReadOnlyList<string> Findings => _findings;

    private IEnumerable<YamlTree> Workloads => _objects.Where(o => o["spec"]["template"].Exists);

    private Container Read(YamlTree workload, YamlTree container)
    {
        string where = Where(workload), target = container["image"].Text.Split(':')[0].Replace("orleansrec-", "", StringComparison.Ordinal);
        if (!_image.Lineage(target).Any())
            _findings.Add($"{where}: image '{container["image"].Text}' is of no target of {DeployFiles.Dockerfile}");
        YamlTree pod = workload["spec"]["template"]["spec"];
        bool runs = workload["kind"].Text != "Job";
        if (runs && new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Any(p => !container[p].Exists))
            _findings.Add($"{where}: a probe is missing");
        return new(where, target)
        {
            Arguments = [.. container["args"].Texts],
            Environment = ComposeReading.Merge(_image.Environment(target), Variables(where, container)),
            Secrets = SecretNames(container),
            SecretsFolder = container["volumeMounts"].Items.FirstOrDefault(m => m["name"].Text == "secrets")?["mountPath"].Text,
            Ports = [.. container["ports"].Items.Select(p => p["containerPort"].Text)],
            NamedPorts = container["ports"].Items.ToDictionary(p => p["name"].Text, p => p["containerPort"].Text),
            Probes = [.. container.Entries.Where(e => e.Key.EndsWith("Probe", StringComparison.Ordinal)).Select(e => (e.Value["httpGet"]["path"].Text, e.Value["httpGet"]["port"].Text))],
            User = pod["securityContext"]["runAsUser"].Text,
            StopSeconds = runs ? Number(pod["terminationGracePeriodSeconds"], 30) : null,
            HeldSeconds = Number(container["lifecycle"]["preStop"]["sleep"]["seconds"], 0),
        };
    }

    private IEnumerable<(string, string?)> Variables(string where, YamlTree container)
    {
        foreach (string name in container["envFrom"].Items.Select(i => i["configMapRef"]["name"].Text))
        {
            if (Find("ConfigMap", name) is not { } map)
                _findings.Add($"{where}: there is no ConfigMap '{name}'");
            else
                foreach (var (key, value) in map["data"].Entries)
                    yield return (key, value.Text);
        }
        foreach (YamlTree variable in container["env"].Items)
        {
            YamlTree field = variable["valueFrom"]["fieldRef"]["fieldPath"];
            if (field.Exists && field.Text != "status.podIP")
                _findings.Add($"{where}: {variable["name"].Text} is taken from '{field.Text}'; a silo's address is status.podIP");
            yield return (variable["name"].Text, field.Exists ? null : variable["value"].Text);
        }
    }

    /// <summary>The Secret is made by hand: its keys are those of the command in the file's head.</summary>
    private static string[] SecretNames(YamlTree container) => container["volumeMounts"].Items.Any(m => m["name"].Text == "secrets") ? ["Storage__ConnectionString"] : [];

    private void CheckLinks(YamlTree each)
    {
        string where = Where(each), kind = each["kind"].Text;
        if (kind != "Namespace" && each["metadata"]["namespace"].Text != _objects.Single(o => o["kind"].Text == "Namespace")["metadata"]["name"].Text)
            _findings.Add($"{where}: is in no namespace of the file");
        YamlTree[] selectors = kind switch
        {
            "Service" => [each["spec"]["selector"]],
            "PodDisruptionBudget" or "Deployment" => [each["spec"]["selector"]["matchLabels"]],
            "NetworkPolicy" => [each["spec"]["podSelector"]["matchLabels"], .. each["spec"]["ingress"].Items.SelectMany(i => i["from"].Items).Select(f => f["podSelector"]["matchLabels"])],
            _ => [],
        };
        foreach (YamlTree selector in selectors.Where(s => Selected(s) is null))
            _findings.Add($"{where}: selects no pod by {string.Join(", ", selector.Entries.Select(e => $"{e.Key}={e.Value.Text}"))}");
        if (kind == "PodDisruptionBudget" && each["spec"]["maxUnavailable"].Text != "1")
            _findings.Add($"{where}: maxUnavailable is '{each["spec"]["maxUnavailable"].Text}'; one at a time may go");
        IEnumerable<string> ports = kind switch
        {
            "Service" => each["spec"]["ports"].Items.Select(p => p["targetPort"].Text),
            "NetworkPolicy" => each["spec"]["ingress"].Items.SelectMany(i => i["ports"].Items).Select(p => p["port"].Text),
            _ => [],
        };
        foreach (string port in ports.Where(p => Selected(selectors[0]) is { } pods && pods["spec"]["containers"].Items.All(c => c["ports"].Items.All(n => n["name"].Text != p))))
            _findings.Add($"{where}: its pods have no port '{port}'");
        YamlTree target = each["spec"]["scaleTargetRef"];
        if (target.Exists && Find(target["kind"].Text, target["name"].Text) is null)
            _findings.Add($"{where}: scales nothing");
        YamlTree pod = each["spec"]["template"]["spec"];
        if (pod.Exists && Find("ServiceAccount", pod["serviceAccountName"].Text) is null)
            _findings.Add($"{where}: there is no ServiceAccount '{pod["serviceAccountName"].Text}'");
        foreach (YamlTree container in pod["containers"].Items)
        {
            foreach (string mount in container["volumeMounts"].Items.Select(m => m["name"].Text).Where(m => pod["volumes"].Items.All(v => v["name"].Text != m)))
                _findings.Add($"{where}: there is no volume '{mount}'");
            if (container["securityContext"]["readOnlyRootFilesystem"].Text != "true" || pod["securityContext"]["runAsNonRoot"].Text != "true")
                _findings.Add($"{where}: may write to its image or run as root");
        }
    }

    private YamlTree? Selected(YamlTree labels) => !labels.Exists ? null : Workloads.Select(w => w["spec"]["template"])
        .FirstOrDefault(t => labels.Entries.All(l => t["metadata"]["labels"][l.Key].Text == l.Value.Text));

    private YamlTree? Find(string kind, string name) => _objects.FirstOrDefault(o => o["kind"].Text == kind && o["metadata"]["name"].Text == name);

    private static string Where(YamlTree each) => $"{DeployFiles.Kubernetes}: {each["kind"].Text} {each["metadata"]["name"].Text}";

    private static double Number(YamlTree node, double byDefault) => node.Exists ? double.Parse(node.Text, CultureInfo.InvariantCulture) : byDefault;
}
