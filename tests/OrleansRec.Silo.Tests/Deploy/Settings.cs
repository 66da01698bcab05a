using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using OrleansRec.Gateway;
using OrleansRec.Grains;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Tests.Deploy;

/// <summary>Names and values of settings, held against the options classes by reflection.</summary>
internal static class Settings
{
    /// <summary>Sections and what they are bound to; the longest that fits a name is its own. Classes that say their section are found, the others are listed.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Sections = new Dictionary<string, Type>(
        new[] { typeof(ServerOptions), typeof(GatewayOptions), typeof(TrainingOptions) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.GetField("Section") is { IsLiteral: true }).Select(t => KeyValuePair.Create((string)t.GetField("Section")!.GetRawConstantValue()!, t)))
    {
        ["Training"] = typeof(TrainingOptions), ["UserShard"] = typeof(UserShardOptions), ["ItemShard"] = typeof(ItemShardOptions), ["Serving"] = typeof(ServingOptions),
        ["Models"] = typeof(ModelDirectoryOptions), ["AccessLog"] = typeof(AccessLogOptions),
    };

    /// <summary>Whether a word is meant as a setting: it has a section, or is written as one.</summary>
    public static bool LooksLikeOne(string name) => name.Contains("__", StringComparison.Ordinal);

    /// <summary>What is wrong with a setting, or null.</summary>
    /// <param name="name">Parts joined by ':' or, as in environments, by "__".</param>
    /// <param name="value">As it is written; null where only the name is given.</param>
    public static string? Fault(string name, string? value)
    {
        string[] parts = name.Replace("__", ":", StringComparison.Ordinal).Split(':');
        for (int length = parts.Length - 1; length > 0; length--)
            if (Sections.TryGetValue(string.Join(':', parts[..length]), out Type? type))
                return FaultIn(name, type, parts[length..], value);
        return $"{name}: there is no section '{parts[0]}'";
    }

    /// <summary>What a setting is where nobody sets it.</summary>
    public static string Default(string name)
    {
        string[] parts = name.Split("__");
        return Sections.TryGetValue(string.Join(':', parts[..^1]), out Type? type) && Property(type, parts[^1]) is { } property
            ? Convert.ToString(property.GetValue(Activator.CreateInstance(type)), CultureInfo.InvariantCulture) ?? ""
            : "";
    }

    private static string? FaultIn(string name, Type type, string[] path, string? value)
    {
        PropertyInfo? property = Property(type, path[0]);
        if (property is null)
            return $"{name}: {type.Name} has no '{path[0]}'";
        if (path.Length > 1)
            return property.PropertyType.IsClass && property.PropertyType != typeof(string)
                ? FaultIn(name, property.PropertyType, path[1..], value)
                : $"{name}: {type.Name}.{property.Name} has no parts";
        return value is null ? null : FaultOf(name, type, property, value);
    }

    // The binder does not mind the case of names; here they are held to it, because operators search for them.
    private static PropertyInfo? Property(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { CanWrite: true } found ? found : null;

    private static string? FaultOf(string name, Type type, PropertyInfo property, string value)
    {
        object? converted;
        try
        {
            converted = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return $"{name}: '{value}' is no {(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).Name}";
        }
        if (property.PropertyType.IsEnum && !Enum.IsDefined(property.PropertyType, converted!))
            return $"{name}: '{value}' is no {property.PropertyType.Name}";
        var failures = new List<ValidationResult>();
        var context = new ValidationContext(Activator.CreateInstance(type)!) { MemberName = property.Name };
        return Validator.TryValidateProperty(converted, context, failures) ? null : $"{name}: '{value}': {failures[0].ErrorMessage}";
    }
}
