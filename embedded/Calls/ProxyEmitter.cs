using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace OrleansRec.Embedded;

/// <summary>
/// Writes, for each grain interface, a class whose methods only pack their arguments. DispatchProxy would box every argument and
/// look the method up in every call.
/// </summary>
internal static class ProxyEmitter
{
    private const BindingFlags Inner = BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly Lock s_lock = new();
    private static readonly HashSet<string> s_opened = [];
    private static readonly Dictionary<Type, (Func<CallRoute, string, CallReference> Create, MethodInfo[] Invokes)> s_emitted = [];
    private static readonly AssemblyBuilder s_assembly =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OrleansRec.Embedded.Proxies"), AssemblyBuilderAccess.Run);
    private static readonly ModuleBuilder s_module = s_assembly.DefineDynamicModule("proxies");
    private static int s_count;

    /// <summary>
    /// Makes the proxies of an interface, and for each of its methods, in the order of the plans, a static one that unpacks the arguments
    /// and calls it on a grain. Written once for each interface: engines of one process share them.
    /// </summary>
    public static (Func<CallRoute, string, CallReference> Create, MethodInfo[] Invokes) Emit(Type grainInterface, MethodInfo[] methods)
    {
        lock (s_lock)
        {
            if (s_emitted.TryGetValue(grainInterface, out var emitted))
                return emitted;
            OpenInternals(typeof(CallReference).Assembly);
            OpenInternals(grainInterface.Assembly);
            foreach (var assembly in methods.SelectMany(m => m.GetParameters()).SelectMany(p => Parts(p.ParameterType)).Select(t => t.Assembly))
                OpenInternals(assembly);
            var proxy = s_module.DefineType(
                $"{grainInterface.Name}Proxy{++s_count}", TypeAttributes.Sealed | TypeAttributes.NotPublic, typeof(CallReference), [grainInterface]);
            EmitConstructor(proxy);
            for (var i = 0; i < methods.Length; i++)
            {
                EmitMethod(proxy, methods[i], i);
                EmitInvoke(proxy, methods[i], i);
            }
            var type = proxy.CreateType();
            return s_emitted[grainInterface] = (type.GetMethod("New")!.CreateDelegate<Func<CallRoute, string, CallReference>>(),
                [.. methods.Select((_, i) => type.GetMethod($"Invoke{i}")!)]);
        }
    }

    private static void EmitConstructor(TypeBuilder proxy)
    {
        Type[] parameters = [typeof(CallRoute), typeof(string)];
        var constructor = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(CallReference).GetConstructors(BindingFlags.Public | Inner).Single());
        il.Emit(OpCodes.Ret);

        il = proxy.DefineMethod("New", MethodAttributes.Public | MethodAttributes.Static, typeof(CallReference), parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitInvoke(TypeBuilder proxy, MethodInfo method, int index)
    {
        var shape = new MethodShape(method);
        var il = proxy.DefineMethod(
            $"Invoke{index}", MethodAttributes.Public | MethodAttributes.Static, typeof(Task),
            [typeof(object), shape.Arguments, typeof(CancellationToken)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        for (var i = 1; i <= shape.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, shape.Arguments.GetField($"Item{i}")!);
        }
        if (shape.TakesCancellation)
            il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Callvirt, method);
        if (shape.IsValueTask)
        {
            var task = il.DeclareLocal(method.ReturnType);
            il.Emit(OpCodes.Stloc, task);
            il.Emit(OpCodes.Ldloca, task);
            il.Emit(OpCodes.Call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder proxy, MethodInfo method, int index)
    {
        var shape = new MethodShape(method);
        var body = proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}.{index}", MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot,
            method.ReturnType, [.. method.GetParameters().Select(p => p.ParameterType)]);
        var il = body.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);
        EmitTuple(il, shape);
        EmitCancellation(il, shape);
        il.Emit(OpCodes.Call, Target(shape));
        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(body, method);
    }

    private static void EmitTuple(ILGenerator il, MethodShape shape)
    {
        if (shape.Parameters.Length == 0)
        {
            il.Emit(OpCodes.Ldloc, il.DeclareLocal(typeof(ValueTuple)));
            return;
        }
        for (var i = 1; i <= shape.Parameters.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Newobj, shape.Arguments.GetConstructors().Single());
    }

    private static void EmitCancellation(ILGenerator il, MethodShape shape)
    {
        if (shape.TakesCancellation)
            il.Emit(OpCodes.Ldarg, (short)(shape.Parameters.Length + 1));
        else
            il.Emit(OpCodes.Ldloc, il.DeclareLocal(typeof(CancellationToken)));
    }

    private static MethodInfo Target(MethodShape shape)
    {
        if (shape.IsValueTask && shape.Result == typeof(NoResult))
            return typeof(CallReference).GetMethod("CallValueTask", Inner)!.MakeGenericMethod(shape.Arguments);
        return typeof(CallReference).GetMethod(shape.IsValueTask ? "CallValue" : "Call", Inner)!.MakeGenericMethod(shape.Arguments, shape.Result);
    }

    // Grain interfaces and their types may be internal to their assembly; the runtime lets an assembly with this attribute in.
    private static void OpenInternals(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (s_opened.Add(name))
            s_assembly.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(IgnoresAccessChecksToAttribute).GetConstructors().Single(), [name]));
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : type.HasElementType ? Parts(type.GetElementType()!)
        : [type];
}
