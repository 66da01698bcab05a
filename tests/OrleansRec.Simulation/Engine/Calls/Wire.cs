using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Calls;

/// <summary>What leaves a silo goes as bytes, what stays in it is copied: by Orleans' own serialisers, as in Orleans.</summary>
internal sealed class Wire(GrainTypes types, GrainReferences references)
{
    private readonly Serializer<object?> _serializer = types.Services.GetRequiredService<Serializer<object?>>();

    /// <summary>Copies within a silo.</summary>
    public DeepCopier Copier { get; } = types.Services.GetRequiredService<DeepCopier>();

    public byte[] ToBytes(object? value) => _serializer.SerializeToArray(value);

    public object? FromBytes(byte[] bytes) => references.Bind(bytes => _serializer.Deserialize((ReadOnlySpan<byte>)bytes), bytes);
}
