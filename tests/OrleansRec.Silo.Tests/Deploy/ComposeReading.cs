using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>compose.yaml: its containers of ours, and what does not fit within the file or with make-secrets.</summary>
internal sealed partial class ComposeReading
{
    private const string Database = "postgres", SecretsPath = "/run/secrets";

    private static readonly string[] databaseVariables = ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"];

    private readonly YamlTree _file;
    private readonly ImageRecipe _image;
    private readonly List<string> _findings = [];

    public ComposeReading(DeployFiles files, ImageRecipe image)
    {
        (_file, _image) = (YamlTree.Documents(files[DeployFiles.Compose]).Single(), image);
        Containers = [.. Services.Where(s => s.Key != Database).Select(s => Read(s.Key, s.Value))];
        foreach (var (name, service) in Services)
            CheckLinks(name, service);
        CheckDatabase(files[DeployFiles.MakeSecrets]);
    }

    public IReadOnlyList<Container> Containers { get; }

    public IReadOnlyList<string> Findings => _findings;

    private (string Key, YamlTree Value)[] Services => [.. _file["services"].Entries];

    private Container Read(string name, YamlTree service)
    {
        string where = $"{DeployFiles.Compose}: {name}", target = service["build"]["target"].Text;
        if (service["build"]["dockerfile"].Text != $"deploy/{DeployFiles.Dockerfile}" || service["build"]["context"].Text != "..")
            _findings.Add($"{where}: the image is not built of the repository by deploy/{DeployFiles.Dockerfile}");
        if (!_image.Lineage(target).Any())
            _findings.Add($"{where}: {DeployFiles.Dockerfile} has no target '{target}'");
        string[] secrets = [.. service["secrets"].Texts];
        return new(where, target)
        {
            Arguments = service["command"].Exists ? [.. service["command"].Texts] : _image.Last(target, "CMD")?.Words ?? [],
            Environment = Merge(_image.Environment(target), service["environment"].Entries.Select(e => (e.Key, (string?)e.Value.Text))),
            Secrets = secrets,
            SecretsFolder = secrets.Length > 0 ? SecretsPath : null,
            // Of "address:outside:inside" the inside.
            Ports = [.. service["expose"].Texts, .. service["ports"].Texts.Select(p => p.Split(':')[^1])],
            StopSeconds = service["stop_grace_period"].Exists ? Seconds(service["stop_grace_period"].Text) : null,
        };
    }

    private void CheckLinks(string name, YamlTree service)
    {
        string where = $"{DeployFiles.Compose}: {name}";
        foreach (var (other, how) in service["depends_on"].Entries)
        {
            YamlTree needed = _file["services"][other];
            string condition = how["condition"].Text;
            bool isTold = condition switch
            {
                // Ours are told by the image's own check.
                "service_healthy" => needed["healthcheck"]["test"].Exists || needed["build"].Exists,
                "service_completed_successfully" => !needed["restart"].Exists,
                _ => false,
            };
            if (!needed.Exists || !isTold)
                _findings.Add($"{where}: waits for '{other}' to be '{condition}', which never happens");
        }
        foreach (string secret in service["secrets"].Texts.Where(s => !_file["secrets"][s].Exists))
            _findings.Add($"{where}: there is no secret '{secret}'");
        foreach (string volume in service["volumes"].Texts.Select(v => v.Split(':')[0]).Where(v => _file["volumes"].Entries.All(e => e.Key != v)))
            _findings.Add($"{where}: there is no volume '{volume}'");
    }

    /// <summary>The database, its health check and the connection string that make-secrets writes name the same things.</summary>
    private void CheckDatabase(string makeSecrets)
    {
        YamlTree service = _file["services"][Database];
        string where = $"{DeployFiles.Compose}: {Database}", user = service["environment"]["POSTGRES_USER"].Text, database = service["environment"]["POSTGRES_DB"].Text;
        foreach (var (variable, value) in service["environment"].Entries)
        {
            if (!databaseVariables.Contains(variable))
                _findings.Add($"{where}: '{variable}' is no variable of the image");
            if (variable.EndsWith("_FILE", StringComparison.Ordinal) && !service["secrets"].Texts.Contains(value.Text.Replace(SecretsPath + "/", "", StringComparison.Ordinal)))
                _findings.Add($"{where}: {variable} '{value.Text}' is no secret that it has");
        }
        if (!service["healthcheck"]["test"].Texts.SequenceEqual(["CMD", "pg_isready", "--username", user, "--dbname", database]))
            _findings.Add($"{where}: its health check asks for another user or database");
        foreach (var (secret, entry) in _file["secrets"].Entries)
            if (entry["file"].Text != $"./secrets/{secret}" || !makeSecrets.Contains($"$folder/{secret}\"", StringComparison.Ordinal))
                _findings.Add($"{DeployFiles.Compose}: secret '{secret}' is not the file that {DeployFiles.MakeSecrets} makes");
        Match written = ConnectionString().Match(makeSecrets);
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(written.Value);
        if ((parts.Host, parts.Username, parts.Database) != (Database, user, database))
            _findings.Add($"{DeployFiles.MakeSecrets}: the connection string leads to {parts.Username}@{parts.Host}/{parts.Database}");
    }

    /// <summary>What an image sets, overlaid by what the file sets.</summary>
    public static Dictionary<string, string?> Merge(Dictionary<string, string> image, IEnumerable<(string Key, string? Value)> own)
    {
        var all = image.ToDictionary(e => e.Key, e => (string?)e.Value);
        foreach (var (key, value) in own)
            all[key] = value;
        return all;
    }

    private static double Seconds(string period) => double.Parse(period.TrimEnd('s'), CultureInfo.InvariantCulture);

    [GeneratedRegex("Host=[^']*")]
    private static partial Regex ConnectionString();
}
