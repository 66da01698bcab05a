using Microsoft.Extensions.Configuration;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>
/// Goal: an operator who takes deploy/ as it is gets what it says. Method: every name of a setting with its value, every port, path, probe, command, target, user, volume and secret
/// is held against options classes, routes, command tree and sources; then one place at a time is spoiled, and that must be found.
/// </summary>
public sealed class DeployTests(ProductSurface product) : IClassFixture<ProductSurface>
{
    private static readonly DeployFiles files = DeployFiles.Read();

    [Fact]
    public void Deploy_AsItIs_FitsTheCode() => Assert.Empty(Findings(files));

    [Fact]
    public void Deploy_AsItIs_RunsEveryPart()
    {
        var image = new ImageRecipe(files[DeployFiles.Dockerfile]);
        Assert.Equal(["gateway", "serve", "storage init"], new ComposeReading(files, image).Containers.Select(c => c.Command).Order());
        Assert.Equal(["gateway", "serve", "storage init"], new KubernetesReading(files, image).Containers.Select(c => c.Command).Order());
        Assert.All(new KubernetesReading(files, image).Containers.Where(c => c.Command != "storage init"), c => Assert.Equal(3, c.Probes.Count));
    }

    /// <summary>Every leaf of appsettings.json is a property, so the table of sections that the check goes by is whole.</summary>
    [Fact]
    public void Sections_Appsettings_AreAllKnown()
    {
        var written = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();
        string[] leaves = [.. written.AsEnumerable().Select(e => e.Key).Where(k => !written.GetSection(k).GetChildren().Any())];
        Assert.NotEmpty(leaves);
        Assert.All(leaves.Where(k => !k.StartsWith("Logging:", StringComparison.Ordinal) && !k.StartsWith("Events:Types:", StringComparison.Ordinal)), k => Assert.Null(Settings.Fault(k, null)));
    }

    [Theory]
    [InlineData("Cluster__Knd", "PostgreSql", "has no 'Knd'")]
    [InlineData("Clutser__Kind", "PostgreSql", "no section 'Clutser'")]
    [InlineData("cluster__Kind", "PostgreSql", "no section 'cluster'")]
    [InlineData("Cluster__Kind", "Postgres", "is no ClusterKind")]
    [InlineData("Cluster__Kind", "7", "is no ClusterKind")]
    [InlineData("Cluster__SiloPort", "0", "must be between 1 and 65535")]
    [InlineData("Cluster__SiloPort", "many", "is no Int32")]
    [InlineData("Server__ShutdownPeriodMax", "30s", "is no TimeSpan")]
    [InlineData("Server__ShutdownPeriodMax", "01:00:00", "must be between 00:00:00 and 00:10:00")]
    [InlineData("Server__Tls__CertPath", "/x", "has no 'CertPath'")]
    [InlineData("Gateway__DefaultPlan__Rnak", "64", "has no 'Rnak'")]
    [InlineData("Gateway__DefaultPlan__Rank", "64", null)]
    [InlineData("Training__Schedule__Every", "1.00:00:00", null)]
    [InlineData("Storage__UserShards", "16", null)]
    public void Settings_Value_IsHeldAgainstItsOption(string name, string value, string? finding)
    {
        string? fault = Settings.Fault(name, value);
        if (finding is null)
            Assert.Null(fault);
        else
            Assert.Contains(finding, fault);
    }

    /// <summary>One place spoiled in the file of the repository; a place that is not there fails the test, so these follow the files.</summary>
    [Theory]
    // Settings: name, section, value, range.
    [InlineData(DeployFiles.Compose, "Cluster__Kind:", "Cluster__Knid:", "'Knid'")]
    [InlineData(DeployFiles.Compose, "Storage__Kind: PostgreSql", "Storage__Kind: Postgres", "'Postgres'")]
    [InlineData(DeployFiles.Compose, "Cluster__SiloPort: \"11111\"", "Cluster__SiloPort: \"111111\"", "between 1 and 65535")]
    [InlineData(DeployFiles.Kubernetes, "Cluster__AdvertisedAddress", "Cluster__AdvertisedAdress", "'AdvertisedAdress'")]
    [InlineData(DeployFiles.Kubernetes, "Cluster__DrainPeriod:", "Clusters__DrainPeriod:", "no section 'Clusters'")]
    [InlineData(DeployFiles.Kubernetes, "Server__Port: \"5150\"", "Server_Port: \"5150\"", "Server_Port: is no setting")]
    [InlineData(DeployFiles.Kubernetes, "Server__ShutdownPeriodMax: \"00:00:30\"", "Server__ShutdownPeriodMax: 30s", "is no TimeSpan")]
    [InlineData(DeployFiles.Dockerfile, "Server__Host=0.0.0.0", "Server__Hots=0.0.0.0", "'Hots'")]
    [InlineData(DeployFiles.Dockerfile, "ORLEANSREC_SECRETS=", "ORLEANSREC_SECRET=", "ORLEANSREC_SECRET: is no setting")]
    // Secrets.
    [InlineData(DeployFiles.Compose, "secrets: [Storage__ConnectionString]", "secrets: [Storage__Connection]", "'Connection'")]
    [InlineData(DeployFiles.Compose, "Storage__Kind: PostgreSql", "Storage__ConnectionString: Host=postgres", "does not belong in an environment")]
    [InlineData(DeployFiles.Kubernetes, "mountPath: /run/secrets", "mountPath: /var/secrets", "the secrets are in '/var/secrets'")]
    [InlineData(DeployFiles.MakeSecrets, "Database=orleansrec", "Database=shop", "/shop")]
    [InlineData(DeployFiles.Compose, "postgres-password: { file: ./secrets/postgres-password }", "postgres-password: { file: ./postgres-password }", "is not the file")]
    // Ports, paths, probes.
    [InlineData(DeployFiles.Kubernetes, "containerPort: 11111", "containerPort: 11112", "port 11112: nothing listens there")]
    [InlineData(DeployFiles.Kubernetes, "containerPort: 5150", "containerPort: 5151", "port 5151: nothing listens there")]
    [InlineData(DeployFiles.Kubernetes, "path: /health/ready", "path: /health/redy", "'/health/redy'")]
    [InlineData(DeployFiles.Kubernetes, "path: /health/live, port: http", "path: /health/live, port: silo", "does not speak HTTP")]
    [InlineData(DeployFiles.Kubernetes, "livenessProbe", "livelinessProbe", "a probe is missing")]
    [InlineData(DeployFiles.Kubernetes, "targetPort: http", "targetPort: htpp", "no port 'htpp'")]
    [InlineData(DeployFiles.Kubernetes, "{ port: clients }", "{ port: client }", "no port 'client'")]
    [InlineData(DeployFiles.Compose, "127.0.0.1:5150:5150", "127.0.0.1:5150:5160", "port 5160: nothing listens there")]
    [InlineData(DeployFiles.Compose, "\"30000\"]", "\"30001\"]", "port 30001: nothing listens there")]
    [InlineData(DeployFiles.Dockerfile, "\"http://127.0.0.1:5150\"", "\"http://127.0.0.1:5151\"", "asks another port")]
    // Commands and their options.
    [InlineData(DeployFiles.Compose, "command: [\"gateway\"]", "command: [\"gatway\"]", "'gatway'")]
    [InlineData(DeployFiles.Compose, "\"--user-shards\"", "\"--users-shards\"", "'--users-shards'")]
    [InlineData(DeployFiles.Kubernetes, "args: [\"storage\", \"init\"", "args: [\"storage\", \"int\"", "int")]
    [InlineData(DeployFiles.Kubernetes, "\"--item-shards\", \"32\"", "\"--item-shards\", \"some\"", "must be a whole number")]
    [InlineData(DeployFiles.Dockerfile, "\"health\", \"--server\"", "\"health\", \"--sever\"", "'--sever'")]
    [InlineData(DeployFiles.Dockerfile, "\"--data\", \"/data\"", "\"--data\", \"/store\"", "/store is no volume")]
    [InlineData(DeployFiles.Operating, "./rec backup", "./rec bakcup", "bakcup")]
    // Image: sources, targets, program, user.
    [InlineData(DeployFiles.Dockerfile, "COPY model/OrleansRec.Model.csproj model/\n", "", "model/OrleansRec.Model.csproj: is needed")]
    [InlineData(DeployFiles.Dockerfile, "COPY grains/ grains/", "COPY grain/ grains/", "COPY grain/: is not there")]
    [InlineData(DeployFiles.Dockerfile, "AS gateway", "AS gatway", "no target 'gateway'")]
    [InlineData(DeployFiles.Dockerfile, "USER 1654:1654", "USER root", "user 'root'")]
    [InlineData(DeployFiles.Dockerfile, "ENTRYPOINT [\"/app/orleansrec\"]", "ENTRYPOINT [\"/app/OrleansRec.Silo\"]", "the program is /app/orleansrec")]
    [InlineData(DeployFiles.Compose, "target: gateway", "target: gatway", "no target 'gatway'")]
    [InlineData(DeployFiles.Kubernetes, "image: orleansrec-gateway:", "image: orleansrec-edge:", "of no target")]
    [InlineData(DeployFiles.Kubernetes, "runAsUser: 1654", "runAsUser: 1000", "user 1000")]
    // Objects that belong together, and time to stop.
    [InlineData(DeployFiles.Kubernetes, "terminationGracePeriodSeconds: 50", "terminationGracePeriodSeconds: 30", "it is killed after 30 s")]
    [InlineData(DeployFiles.Compose, "stop_grace_period: 50s", "stop_grace_period: 20s", "it is killed after 20 s")]
    [InlineData(DeployFiles.Kubernetes, "maxUnavailable: 1", "maxUnavailable: 2", "one at a time may go")]
    [InlineData(DeployFiles.Kubernetes, "selector: { app: orleansrec, part: silo }", "selector: { app: orleansrec, part: silos }", "selects no pod")]
    [InlineData(DeployFiles.Kubernetes, "configMapRef: { name: orleansrec-settings }", "configMapRef: { name: orleansrec }", "no ConfigMap 'orleansrec'")]
    [InlineData(DeployFiles.Kubernetes, "fieldPath: status.podIP", "fieldPath: status.hostIP", "status.hostIP")]
    [InlineData(DeployFiles.Compose, "silo: { condition: service_healthy }", "silos: { condition: service_healthy }", "'silos'")]
    // The page for operators.
    [InlineData(DeployFiles.Operating, "orleansrec.store.commit.duration", "orleansrec.store.commit.seconds", "orleansrec.store.commit.seconds: is no measure")]
    [InlineData(DeployFiles.Operating, "/health/ready", "/health/readiness", "/health/readiness")]
    [InlineData(DeployFiles.Operating, "Server__Tls__CertificatePath", "Server__Tls__Certificate", "has no 'Certificate'")]
    [InlineData(DeployFiles.Operating, "`Storage:QueuedWritesMax`", "`Storage:QueuedWrites`", "has no 'QueuedWrites'")]
    public void Deploy_Spoiled_IsFound(string file, string old, string changed, string finding) =>
        Assert.Contains(Findings(files.With(file, old, changed)), f => f.Contains(finding, StringComparison.Ordinal));

    private List<string> Findings(DeployFiles read)
    {
        var image = new ImageRecipe(read[DeployFiles.Dockerfile]);
        var compose = new ComposeReading(read, image);
        var kubernetes = new KubernetesReading(read, image);
        string ignore = File.ReadAllText(Path.Combine(read.Root, ".dockerignore")), readme = File.ReadAllText(Path.Combine(read.Root, "README.md"));
        return
        [
            .. ImageCheck.Of(image, read.Root, ignore), .. compose.Findings, .. kubernetes.Findings,
            .. compose.Containers.Concat(kubernetes.Containers).SelectMany(c => ContainerCheck.Of(c, image, product.OpenPaths)),
            .. DocumentCheck.Of(DeployFiles.Operating, read[DeployFiles.Operating], read.Root, product.OpenPaths),
            .. DocumentCheck.Of("README.md", readme, read.Root, product.OpenPaths),
        ];
    }
}
