using System.Reflection;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>
/// Looks, when the engine is made, at every type that the grain interfaces can send, and at every other wire type of their assemblies, so
/// that a forgotten attribute is found before the first call and not by the first silo that is another process.
/// </summary>
internal sealed class WireCheck
{
    private readonly bool _requireAliases;
    private readonly List<string> _errors = [];
    private readonly HashSet<Type> _seen = [];
    private readonly Dictionary<string, Type> _aliases = new(StringComparer.Ordinal);

    private WireCheck(bool requireAliases) => _requireAliases = requireAliases;

    /// <exception cref="WireCheckException">Lists everything that is wrong.</exception>
    public static void Run(IEnumerable<GrainClass> classes, bool requireAliases)
    {
        var interfaces = classes.SelectMany(c => c.Interfaces).Distinct().ToArray();
        var check = Of(interfaces, requireAliases);
        foreach (var type in interfaces.Select(i => i.Assembly).Distinct().SelectMany(a => a.GetTypes()))
        {
            if (type.IsDefined(typeof(GenerateSerializerAttribute), false) && !type.ContainsGenericParameters)
                check.CheckType(type, type.FullName!);
        }
        if (check._errors.Count > 0)
            throw new WireCheckException(check._errors);
    }

    /// <summary>What is wrong with some interfaces and what they send.</summary>
    public static IReadOnlyList<string> ErrorsOf(IEnumerable<Type> interfaces, bool requireAliases) => Of(interfaces, requireAliases)._errors;

    private static WireCheck Of(IEnumerable<Type> interfaces, bool requireAliases)
    {
        var check = new WireCheck(requireAliases);
        foreach (var grainInterface in interfaces)
            check.CheckInterface(grainInterface);
        return check;
    }

    private void CheckInterface(Type grainInterface)
    {
        CheckAlias(grainInterface);
        var methodAliases = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in grainInterface.GetMethods())
        {
            var name = $"{grainInterface.FullName}.{method.Name}";
            if (MethodShape.Refusal(method) is { } rule)
            {
                _errors.Add(rule);
                continue;
            }
            if (AliasOf(method) is { } alias && !methodAliases.Add(alias))
                _errors.Add($"{name}: the alias \"{alias}\" is another method's of the interface already.");
            else if (_requireAliases && AliasOf(method) is null)
                _errors.Add($"{name} has no [Alias].");
            var shape = new MethodShape(method);
            foreach (var parameter in shape.Parameters)
                CheckType(parameter.ParameterType, $"{name}, parameter {parameter.Name}");
            if (shape.Result != typeof(NoResult))
                CheckType(shape.Result, $"{name}, result");
        }
    }

    private void CheckType(Type type, string where)
    {
        if (!_seen.Add(type) || type == typeof(string) || WireShape.IsRaw(type) || WireShape.IsReference(type))
            return;
        if (type.IsArray || type.IsGenericType)
            CheckParts(type, where);
        if (type.IsArray || Nullable.GetUnderlyingType(type) is not null || Collections.IsCollection(type) || WireShape.IsTuple(type))
            return;
        if (type.IsDefined(typeof(GenerateSerializerAttribute), false))
            CheckMembers(type);
        else if (!WireShape.IsOpen(type) || !IsSystem(type))
            _errors.Add($"{type} has no [GenerateSerializer] ({where}).");
    }

    private void CheckParts(Type type, string where)
    {
        foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments())
            CheckType(part, where);
    }

    private void CheckMembers(Type type)
    {
        CheckAlias(type);
        foreach (var level in WireMembers.FieldsOf(type).GroupBy(f => f.DeclaringType!))
        {
            var ids = new Dictionary<uint, string>();
            foreach (var field in level)
                CheckMember(field, ids);
        }
    }

    private void CheckMember(FieldInfo field, Dictionary<uint, string> ids)
    {
        var name = $"{field.DeclaringType}.{WireMembers.NameOf(field)}";
        if (WireMembers.IdOf(field) is not { } id)
        {
            if (!WireMembers.IsPrimaryParameter(field))
                _errors.Add($"{name} has no [Id].");
        }
        else if (!ids.TryAdd(id, name))
            _errors.Add($"{name} has [Id({id})], which is {ids[id]}'s already.");
        CheckType(field.FieldType, name);
    }

    private void CheckAlias(Type type)
    {
        if (IsOwn(type))
            return;
        if (AliasOf(type) is not { } alias)
        {
            if (_requireAliases)
                _errors.Add($"{type} has no [Alias].");
            return;
        }
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (!_aliases.TryAdd(alias, definition) && _aliases[alias] != definition)
            _errors.Add($"{type}: the alias \"{alias}\" is {_aliases[alias]}'s already.");
    }

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttributes<AliasAttribute>(false).FirstOrDefault()?.Alias;

    private static bool IsSystem(Type type) => type.Assembly == typeof(object).Assembly;

    private static bool IsOwn(Type type) => type.Assembly == typeof(WireCheck).Assembly;
}

/// <summary>Grain interfaces or wire types break the rules. The message has one line for each error, naming type and member.</summary>
public sealed class WireCheckException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>The errors.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
