using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Hosting;

/// <summary>
/// Refuses settings that nobody reads, and values that cannot be what they should: the binder passes over the first and throws a stack trace for the others. Bounds
/// are checked by the options classes themselves.
/// </summary>
internal static class SettingCheck
{
    /// <summary>A first part with so few wrong letters is meant as a section of ours.</summary>
    private const int MisspeltLettersMax = 2;

    /// <summary>Checks every setting in the sections of this product.</summary>
    /// <exception cref="BadInputException">A name is not known, or a value cannot be read.</exception>
    public static void Run(IConfiguration configuration)
    {
        foreach (IConfigurationSection section in configuration.GetChildren())
            if (SettingNames.Sections.TryGetValue(section.Key, out Type? type))
                Check(section, section.Key, type);
            else
                CheckFirstPart(section);
    }

    /// <summary>Environments hold names of other programs: only one that has parts, and is nearly one of ours, is refused.</summary>
    private static void CheckFirstPart(IConfigurationSection section)
    {
        string nearest = SettingNames.Nearest(section.Key, SettingNames.FirstParts);
        if (section.GetChildren().Any() && SettingNames.Distance(section.Key.ToUpperInvariant(), nearest.ToUpperInvariant()) <= MisspeltLettersMax)
            throw new BadInputException("setting", section.Key, $"is not known; the nearest section is {nearest}");
    }

    /// <param name="parent">Where the names stand.</param>
    /// <param name="path">The section's name in the words of the options; empty below it.</param>
    /// <param name="type">What it is bound to.</param>
    private static void Check(IConfigurationSection parent, string path, Type type)
    {
        foreach (IConfigurationSection setting in parent.GetChildren())
        {
            string below = $"{path}:{setting.Key}";
            if (path.Length > 0 && SettingNames.Sections.TryGetValue(below, out Type? section))
                Check(setting, below, section);
            else if (SettingNames.PropertyOf(type, setting.Key) is { } property)
                CheckValue(setting, property.PropertyType);
            else
                throw new BadInputException(
                    "setting", setting.Path, $"is not known; the nearest is {parent.Path}:{SettingNames.Nearest(setting.Key, SettingNames.NamesIn(path, type))}");
        }
    }

    private static void CheckValue(IConfigurationSection setting, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (ElementOf(plain) is { } element)
        {
            foreach (IConfigurationSection entry in setting.GetChildren())
                CheckValue(entry, element);
        }
        else if (plain.IsClass && plain != typeof(string))
        {
            Check(setting, "", plain);
        }
        else if (setting.Value is { Length: > 0 } value && !CanRead(value, plain))
        {
            throw new BadInputException(setting.Path, value, RuleOf(plain));
        }
    }

    /// <summary>What a list or a dictionary of texts holds; null for what is neither.</summary>
    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? type.GetGenericArguments()[^1] : null;

    private static bool CanRead(string value, Type type)
    {
        try
        {
            object? read = TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, value);
            return !type.IsEnum || Enum.IsDefined(type, read!);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string RuleOf(Type type) => type switch
    {
        _ when type.IsEnum => $"must be one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(bool) => "must be true or false",
        _ when type == typeof(int) || type == typeof(long) => "must be a whole number",
        _ when type == typeof(float) || type == typeof(double) => "must be a number",
        _ when type == typeof(TimeSpan) => "must be a time such as 00:00:05 or 2.00:00:00",
        _ => $"must be a {type.Name}",
    };
}
