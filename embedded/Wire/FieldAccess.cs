using System.Reflection;
using System.Reflection.Emit;

namespace OrleansRec.Embedded;

internal delegate TField FieldGetter<TOwner, TField>(ref TOwner owner);

internal delegate void FieldSetter<TOwner, TField>(ref TOwner owner, TField value);

/// <summary>Reads and writes fields without reflection in each call. Written in IL, since an init-only field can be set in no other way.</summary>
internal static class FieldAccess
{
    public static FieldGetter<TOwner, TField> Getter<TOwner, TField>(FieldInfo field)
    {
        var method = new DynamicMethod($"get {field.Name}", typeof(TField), [typeof(TOwner).MakeByRefType()], typeof(FieldAccess).Module, true);
        var il = method.GetILGenerator();
        LoadOwner(il, typeof(TOwner));
        il.Emit(OpCodes.Ldfld, field);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldGetter<TOwner, TField>>();
    }

    public static FieldSetter<TOwner, TField> Setter<TOwner, TField>(FieldInfo field)
    {
        var method = new DynamicMethod(
            $"set {field.Name}", typeof(void), [typeof(TOwner).MakeByRefType(), typeof(TField)], typeof(FieldAccess).Module, true);
        var il = method.GetILGenerator();
        LoadOwner(il, typeof(TOwner));
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, field);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldSetter<TOwner, TField>>();
    }

    private static void LoadOwner(ILGenerator il, Type owner)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (!owner.IsValueType)
            il.Emit(OpCodes.Ldind_Ref);
    }
}
