using System.Reflection;
using OrleansRec.Gateway;
using OrleansRec.Grains;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Telemetry;

namespace OrleansRec.Silo.Hosting;

/// <summary>The names of all settings, which are those of the options classes.</summary>
internal static class SettingNames
{
    /// <summary>Sections and what they are bound to; of a name the longest section that fits is its own.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Sections = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        [ServerOptions.Section] = typeof(ServerOptions), [TlsOptions.Section] = typeof(TlsOptions), [ClusterOptions.Section] = typeof(ClusterOptions),
        [TelemetryOptions.Section] = typeof(TelemetryOptions), [StorageOptions.Section] = typeof(StorageOptions), [EventTypeOptions.Section] = typeof(EventTypeOptions),
        [GatewayOptions.Section] = typeof(GatewayOptions), ["UserShard"] = typeof(UserShardOptions), ["ItemShard"] = typeof(ItemShardOptions),
        ["Serving"] = typeof(ServingOptions), ["Models"] = typeof(ModelDirectoryOptions), ["Training"] = typeof(TrainingOptions),
        [QualityGateOptions.Section] = typeof(QualityGateOptions), [TrainingScheduleOptions.Section] = typeof(TrainingScheduleOptions),
        ["AccessLog"] = typeof(AccessLogOptions),
    };

    /// <summary>What can stand at the first place of a name.</summary>
    public static IEnumerable<string> FirstParts => Sections.Keys.Select(s => s.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settable property of a class with this name, whatever its case: the binder does not mind it.</summary>
    public static PropertyInfo? PropertyOf(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { CanWrite: true } found ? found : null;

    /// <summary>The names that can stand in a section or a class in it.</summary>
    /// <param name="section">The section's name where it is one, for those below it.</param>
    /// <param name="type">The class.</param>
    public static IEnumerable<string> NamesIn(string section, Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => p.Name)
            .Concat(Sections.Keys.Where(s => s.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)).Select(s => s[(section.Length + 1)..].Split(':')[0]));

    /// <summary>Of some names the one that takes the fewest changed, added or left out letters (Levenshtein 1966); of equals the first by name.</summary>
    public static string Nearest(string name, IEnumerable<string> names) =>
        names.OrderBy(n => Distance(name.ToUpperInvariant(), n.ToUpperInvariant())).ThenBy(n => n, StringComparer.Ordinal).First();

    /// <summary>How many letters are to be changed, added or left out.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}
