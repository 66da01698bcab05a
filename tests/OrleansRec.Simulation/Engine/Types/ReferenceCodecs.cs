using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;

namespace OrleansRec.Simulation.Engine.Types;

/// <summary>Grain references as arguments and results. Orleans has the same for its own runtime, in classes that are internal.</summary>
internal sealed class ReferenceCodecs(IServiceProvider services) : ISpecializableCodec, ISpecializableCopier
{
    bool ISpecializableCodec.IsSupportedType(Type type) => typeof(IAddressable).IsAssignableFrom(type);

    bool ISpecializableCopier.IsSupportedType(Type type) => typeof(IAddressable).IsAssignableFrom(type) && type.IsInterface;

    IFieldCodec ISpecializableCodec.GetSpecializedCodec(Type type) =>
        (IFieldCodec)Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance(services, typeof(Codec<>).MakeGenericType(type));

    IDeepCopier ISpecializableCopier.GetSpecializedCopier(Type type) => (IDeepCopier)Activator.CreateInstance(typeof(Copier<>).MakeGenericType(type))!;

    private sealed class Codec<T>(IValueSerializer<ReferenceSurrogate> serializer) : GeneralizedReferenceTypeSurrogateCodec<T, ReferenceSurrogate>(serializer)
        where T : class, IAddressable
    {
        public override T ConvertFromSurrogate(ref ReferenceSurrogate surrogate) => (T)(object)GrainReferences.Bound.Create(surrogate.Grain, surrogate.Interface);

        public override void ConvertToSurrogate(T value, ref ReferenceSurrogate surrogate)
        {
            var reference = value as GrainReference ?? (GrainReference)(object)value.AsReference<T>();
            (surrogate.Grain, surrogate.Interface) = (reference.GrainId, reference.InterfaceType);
        }
    }

    private sealed class Copier<T> : IDeepCopier<T>
        where T : IAddressable
    {
        public T? DeepCopy(T? input, CopyContext context) => input is null or GrainReference ? input : input.AsReference<T>();
    }
}

/// <summary>A reference as bytes.</summary>
[GenerateSerializer, Alias("simulation.reference")]
internal struct ReferenceSurrogate
{
    [Id(0)] public GrainId Grain;
    [Id(1)] public GrainInterfaceType Interface;
}
